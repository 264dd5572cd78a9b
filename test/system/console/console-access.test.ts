import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { browser } from './browser.ts'
import { ConsoleFixture, hostileName } from './console-fixture.ts'

describe.skipIf(browser === undefined)('access to the console', { timeout: 60_000 }, () => {
  let fixture: ConsoleFixture

  beforeAll(async () => {
    fixture = await ConsoleFixture.start(browser)
  })
  afterEach(() => fixture.closeTabs())
  afterAll(() => fixture.stop())

  it('asks for the token once, gives it to other tabs, and forgets it in all tabs on sign-out', async () => {
    const { run } = fixture.system
    const tab = await fixture.open()
    const { page, context } = tab
    expect(await page.locator('.card').count()).toBe(0)
    await page.click('button[type=submit]')
    expect(await tab.text('#token-problem')).toBe('Enter the token')
    await tab.submitToken('wrong')
    await page.waitForFunction(() => document.querySelector('#token-problem')?.textContent === 'The token is wrong')
    await tab.submitToken(run.apiToken)
    await page.waitForSelector('.card')
    await page.reload()
    await page.waitForSelector('.card')
    expect(await page.evaluate(() => [document.cookie, localStorage.length])).toEqual(['', 0])
    const otherTab = await context.newPage()
    await otherTab.goto(`${run.consoleUrl}#/rooms/1001`)
    await otherTab.waitForSelector('.timeline')
    await page.click('#sign-out')
    for (const signedOut of [page, otherTab]) {
      await signedOut.waitForSelector('#token')
      expect(await signedOut.evaluate(() => sessionStorage.getItem('northbound-token'))).toBeNull()
    }
    expect(await otherTab.textContent('#token-problem')).toBe('You signed out in another tab')
    const laterTab = await context.newPage()
    await laterTab.goto(run.consoleUrl)
    await laterTab.waitForSelector('#token')
  })

  it('says that the token has changed, and returns to the same page after the next sign-in', async () => {
    const tab = await fixture.signIn()
    const { page } = tab
    await page.goto(`${fixture.system.run.consoleUrl}#/boxes`)
    await page.waitForSelector('tbody tr')
    await page.route('**/api/**', (route) => route.fulfill({ status: 401, json: { ret: 401, msg: 'unauthorized' } }))
    await page.waitForSelector('#token')
    expect(await tab.text('#token-problem')).toMatch(/^You were signed out: the token has changed/)
    await page.unroute('**/api/**')
    await tab.submitToken(fixture.system.run.apiToken)
    await page.getByRole('cell', { name: 'box-01' }).waitFor()
  })

  it('shows a name that contains HTML and scripts as text', async () => {
    const { page } = await fixture.signIn()
    await page.waitForSelector('.people li')
    expect(await page.locator('.people .name').first().textContent()).toBe(hostileName)
    await page.click('.card h3 a')
    await page.waitForSelector('.timeline')
    expect(await page.getByText(hostileName).count()).toBeGreaterThan(1)
    expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false)
    expect(await page.locator('main img, main script').count()).toBe(0)
  })

  it('returns to the place on a page and to its filters, after going back and after a reload', async () => {
    const { page } = await fixture.signIn()
    await page.route('**/api/rooms?*', (route) => route.fulfill({ json: { items: manyRooms, cursor: null } }))
    await page.waitForFunction((count) => document.querySelectorAll('.card').length === count, manyRooms.length)
    await page.evaluate(() => scrollTo(0, 1500))
    const place = await settledPlace(page)
    expect(place.scrolled).toBeGreaterThan(1000)
    await page.evaluate(() => {
      location.hash = '#/recordings'
    })
    await page.waitForSelector('#recording-status')
    await page.goBack()
    await waitForPlace(page, place)
    await page.reload()
    await waitForPlace(page, place)
    await page.selectOption('#sort', 'name')
    await page.fill('#filter', '100')
    await page.reload()
    await page.waitForSelector('.card')
    expect([await page.inputValue('#filter'), await page.inputValue('#sort')]).toEqual(['100', 'name'])
    expect(await page.locator('.card').count()).toBe(10)
  })

  it('isolates a name that is written from right to left, and shows characters that cannot be seen', async () => {
    const { page } = await fixture.signIn()
    await page.route('**/api/rooms?*', (route) => route.fulfill({ json: { items: manyRooms, cursor: null } }))
    await page.waitForSelector('.room-name')
    expect(await page.locator('.room-name bdi').textContent()).toBe('U+202Eשלום')
    expect(await page.locator('.card h3 a').first().textContent()).toBe('1000')
  })

  it('says what to do first as long as no callback has arrived', async () => {
    const tab = await fixture.open()
    const stats = (await fixture.system.query('/api/stats')).body as object
    await tab.page.route('**/api/stats', (route) => route.fulfill({ json: { ...stats, last_callback_at: null } }))
    await tab.page.route('**/api/rooms?*', (route) => route.fulfill({ json: { items: [], cursor: null } }))
    await tab.submitToken(fixture.system.run.apiToken)
    await tab.page.waitForSelector('#first-steps')
    expect(await tab.text('#first-steps')).toContain(`${fixture.system.run.url}/room_event_history`)
    expect(await tab.text('#first-steps')).toContain('the back-office pages of both media_server and master')
  })

  it('blocks injected markup and scripts, and requests to other origins', async () => {
    const tab = await fixture.signIn()
    const violations = await tab.page.evaluate(async () => {
      const directives: string[] = []
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
        directives.push(effectiveDirective),
      )
      try {
        document.body.innerHTML = '<p>x</p>'
      } catch {
        directives.push('innerHTML')
      }
      try {
        const script = document.createElement('script')
        script.textContent = 'globalThis.hacked = 1'
        document.body.append(script)
      } catch {
        directives.push('script')
      }
      await fetch('http://127.0.0.1:9/').catch(() => undefined)
      // Violations are reported asynchronously.
      await new Promise((resolve) => setTimeout(resolve, 200))
      return [...directives, 'hacked' in globalThis]
    })
    expect(violations).toContain('innerHTML')
    expect(violations).toContain('connect-src')
    expect(violations.at(-1)).toBe(false)
    tab.ignoreRequests('http://127.0.0.1:9/')
  })

  it('uses the language of the browser and can switch to the other language', async () => {
    const tab = await fixture.open({ locale: 'zh-CN' })
    const documentLanguage = () => tab.page.evaluate(() => document.documentElement.lang)
    expect(await tab.text('h1')).toBe('叁体 AVD 房间状态')
    expect(await documentLanguage()).toBe('zh-CN')
    await tab.page.click('#language')
    expect(await tab.text('h1')).toBe('3TEE AVD rooms')
    expect(await documentLanguage()).toBe('en')
  })

  it('works with the keyboard alone and keeps the focus across refreshes', async () => {
    const { page } = await fixture.open()
    await page.focus('#token')
    await page.keyboard.type(fixture.system.run.apiToken)
    await page.keyboard.press('Enter')
    await page.waitForSelector('.people li')
    await page.focus('.skip')
    await page.keyboard.press('Enter')
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('main')
    const reached = new Set<string>()
    for (let presses = 0; presses < 16; presses++) {
      await page.keyboard.press('Tab')
      reached.add(await page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent || ''))
    }
    expect([...reached]).toEqual(expect.arrayContaining(['filter', 'sort', 'view', 'user', 'show-closed', '1001']))
    await page.focus('#filter')
    await page.keyboard.type('10')
    await page.waitForTimeout(4500)
    expect(
      await page.evaluate(() => [document.activeElement?.id, (document.activeElement as HTMLInputElement).value]),
    ).toEqual(['filter', '10'])
  })
})

/** The first one has a name with an invisible mark, from right to left. */
const manyRooms = Array.from({ length: 100 }, (_, index) => ({
  room_id: String(1000 + index),
  name: index === 0 ? '\u202eשלום' : null,
  status: 'open',
  opened_at: '2026-11-26T08:00:00.000Z',
  closed_at: null,
  close_reason: null,
  reopened: 0,
  present: 0,
  estimated: false,
}))

type Place = { readonly room: string | null | undefined; readonly top: number; readonly scrolled: number }

/** Which card is the first on the screen, and where, in pixels from the top of the screen. */
function readPlace(): Place {
  const cards = [...document.querySelectorAll('.card')]
  const first = cards.find((card) => card.getBoundingClientRect().bottom > 0)
  return { room: first?.getAttribute('data-room'), top: first?.getBoundingClientRect().top ?? 0, scrolled: scrollY }
}

/** The place once it has not changed for a while: the cards get their heights when they are on the screen. */
async function settledPlace(page: Page): Promise<Place> {
  let place = await page.evaluate(readPlace)
  await expect
    .poll(
      async () => {
        const before = place
        place = await page.evaluate(readPlace)
        return place.room === before.room && place.top === before.top
      },
      { interval: 300, timeout: 20_000 },
    )
    .toBe(true)
  return place
}

async function waitForPlace(page: Page, { room, top }: Place): Promise<void> {
  await expect
    .poll(
      async () => {
        const now = await page.evaluate(readPlace)
        return now.room === room ? Math.abs(now.top - top) : now
      },
      { timeout: 20_000 },
    )
    .toBeLessThan(2)
}
