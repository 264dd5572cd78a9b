import type { Page, Route } from 'playwright-core'

/** Written from right to left, after a mark that turns the text around it, a bell, and a line feed. */
export const foreignText = '\u202e\u0007\nשלום'
/** A part of `foreignText` that is shown as it is. */
const visiblePart = 'שלום'

const isTime = (text: string) => /^\d{4}-\d\d-\d\dT/.test(text)

/** Appends a text to every text of a response, except times. */
function addText(value: unknown, added: string, name = ''): unknown {
  if (typeof value === 'string') return isTime(value) || name === 'time_zone' ? value : value + added
  if (Array.isArray(value)) return value.map((item) => addText(item, added, name))
  if (typeof value !== 'object' || value === null) return value
  const changed = Object.entries(value).map(([key, item]) => [key, addText(item, added, key)])
  return Object.fromEntries(changed)
}

/** Removes the text from the parameters of a request, so that the API knows the ids again. */
function removeText(url: string, added: string): string {
  const removed = new URL(url)
  for (const [name, value] of [...removed.searchParams]) removed.searchParams.set(name, value.replaceAll(added, ''))
  return removed.href
}

/** The directory has only people of samples, which take a minute. */
export const directory = {
  items: [{ user_id: 'ann', user_name: 'Ann', last_seen_at: '2026-11-26T08:00:00.000Z', present_in: ['1001'] }],
  cursor: null,
}

/** Lets every text in the responses of the API end with the foreign text, or another one. */
export async function sendForeignTexts(page: Page, added = foreignText): Promise<void> {
  await page.route('**/api/**', async (route: Route) => {
    const headers = { ...route.request().headers() }
    delete headers['if-none-match']
    const url = removeText(route.request().url(), added)
    if (new URL(url).pathname === '/api/people') return route.fulfill({ json: addText(directory, added) })
    const response = await route.fetch({ url, headers })
    const body: unknown = await response.json()
    // A cursor is for the API, and the page shows no part of it.
    const isPage = typeof body === 'object' && body !== null && 'cursor' in body
    const json = isPage ? { ...(addText(body, added) as object), cursor: body.cursor } : addText(body, added)
    await route.fulfill({ status: response.status(), json })
  })
}

export type ForeignTextReport = {
  /** How many texts of the page, besides the warnings, contain the foreign text and are isolated. */
  readonly isolated: number
  /** Texts and attributes that contain it without isolation, or a character that cannot be seen. */
  readonly faults: readonly string[]
}

/** Looks for the foreign text in all texts and attributes of the page that a reader gets to see or hear. */
export function inspectForeignTexts(page: Page): Promise<ForeignTextReport> {
  return page.evaluate(
    ({ part, attributes }) => {
      const faults: string[] = []
      let isolated = 0
      const checkTitle = (text: string) => {
        const rest = text.replace(/\u2068[^\p{Cc}\u202a-\u202e\u2066-\u2069]*\u2069/gu, '')
        if (rest.includes(part) || /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u.test(rest)) faults.push(`title: ${text}`)
      }
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
      for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
        const text = node.textContent ?? ''
        const where = `${node.parentElement?.outerHTML.slice(0, 200)}`
        if (node.parentElement?.closest('title') !== null) {
          checkTitle(text)
          continue
        }
        if (/[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.test(text)) faults.push(`invisible: ${where}`)
        if (!text.includes(part)) continue
        if (node.parentElement?.closest('bdi') === null) faults.push(`not isolated: ${where}`)
        else if (node.parentElement?.closest('main') && !node.parentElement.closest('#warnings')) isolated += 1
      }
      for (const element of document.querySelectorAll('*'))
        for (const name of attributes) checkTitle(element.getAttribute(name) ?? '')
      for (const isolation of document.querySelectorAll('bdi')) {
        const shown = isolation.textContent ?? ''
        if (shown.split(part).length > 2) faults.push(`two texts in one isolation: ${shown}`)
      }
      checkTitle(document.title)
      return { isolated, faults }
    },
    { part: visiblePart, attributes: ['title', 'aria-label', 'alt', 'placeholder', 'data-title', 'label'] },
  )
}
