import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { expectAccessible } from './accessibility.ts'
import { browser } from './browser.ts'
import { ConsoleFixture } from './console-fixture.ts'
import { directory, foreignText, inspectForeignTexts, sendForeignTexts } from './foreign-texts.ts'
import { keepSample } from './keep-sample.ts'

const foreignRoom = encodeURIComponent(`1001${foreignText}`)

/** The addresses of all pages that show texts from outside, and an element that each has once its data are there. */
const pages = [
  ['?view=cards', '.people li'],
  ['?view=list', 'tbody tr'],
  ['closed', 'tbody tr'],
  [`rooms/${foreignRoom}`, 'section[aria-label="Attendance"] tbody tr'],
  ['users/bob', 'tbody tr'],
  ['people', 'tbody tr'],
  ['recordings', 'tbody tr'],
  ['boxes', 'tbody tr'],
  ['boxes/box-01', 'tbody tr'],
  ['health', '#verdict'],
] as const

describe.skipIf(browser === undefined)('the presentation of the console', { timeout: 60_000 }, () => {
  let fixture: ConsoleFixture

  beforeAll(async () => {
    fixture = await ConsoleFixture.start(browser)
    await fixture.sendEvent('open', { room_id: 'closed-1' })
    await fixture.sendEvent('close', { room_id: 'closed-1' })
    const refused = () => fixture.system.request('/room_event_history?room_id=1001')
    await keepSample(fixture.system, refused, 'identity_missing')
    await fixture.system.settle()
  })
  afterEach(() => fixture.closeTabs())
  afterAll(() => fixture.stop())

  it('shows times in the time zone of the installation, and names it if the browser has another one', async () => {
    const { body } = await fixture.system.query('/api/rooms?room_id=1001')
    const [{ opened_at = '' } = {}] = (body as { items: { opened_at?: string }[] }).items
    const opened = new Intl.DateTimeFormat('en-GB', {
      dateStyle: 'short',
      timeStyle: 'medium',
      timeZone: 'Asia/Shanghai',
    }).format(Date.parse(opened_at))
    const abroad = await fixture.signIn({ timezoneId: 'America/New_York' })
    await expect.poll(() => abroad.text('.card time'), { timeout: 10_000 }).toBe(opened)
    expect(await abroad.text('#time-zone')).toBe(' (Asia/Shanghai)')
    await abroad.page.click('nav a[data-page=usage]')
    const today = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(Date.now())
    await expect.poll(() => abroad.page.inputValue('#to'), { timeout: 10_000 }).toBe(today)
    const atHome = await fixture.signIn({ timezoneId: 'Asia/Shanghai' })
    await expect.poll(() => atHome.text('.card time'), { timeout: 10_000 }).toBe(opened)
    expect(await atHome.page.locator('#time-zone').count()).toBe(0)
  })

  it('isolates every text from outside, and shows what cannot be seen', async () => {
    const { page } = await fixture.signIn()
    await sendForeignTexts(page)
    for (const [hash, selector] of pages) {
      await page.goto(`${fixture.system.run.consoleUrl}#/${hash}`)
      await page.locator(selector).first().waitFor({ state: 'attached' })
      await expect
        .poll(async () => (await inspectForeignTexts(page)).isolated, { message: hash, timeout: 10_000 })
        .toBeGreaterThan(0)
      expect((await inspectForeignTexts(page)).faults, hash).toEqual([])
    }
    await page.unrouteAll({ behavior: 'ignoreErrors' })
  })

  it('passes axe on every page in both languages, light and dark, wide and at 360 pixels', {
    timeout: 120_000,
  }, async () => {
    const tab = await fixture.open()
    const { page } = tab
    await page.waitForSelector('#token')
    await expectAllAccessible(page, 'sign-in')
    await tab.submitToken(fixture.system.run.apiToken)
    await page.waitForSelector('.card')
    await page.route('**/api/people?*', (route) => route.fulfill({ json: directory }))
    for (const [hash, selector] of [...pages, ...morePages]) {
      await page.goto(`${fixture.system.run.consoleUrl}#/${hash.replace(foreignRoom, '1001')}`)
      await page.locator(selector).first().waitFor({ state: 'attached' })
      await expectAllAccessible(page, hash)
    }
  })

  it('is not wider than a phone or a small window, however long names and ids are', async () => {
    const { page } = await fixture.signIn({ viewport: { width: 360, height: 800 } })
    const longText = 'x'.repeat(200)
    await sendForeignTexts(page, longText)
    for (const [hash, selector] of pages) {
      await page.goto(`${fixture.system.run.consoleUrl}#/${hash.replace(foreignRoom, `1001${longText}`)}`)
      await page.locator(selector).first().waitFor({ state: 'attached' })
      await expect
        .poll(() => page.getByText('xxxxxxxxxx').count(), { message: hash, timeout: 10_000 })
        .toBeGreaterThan(0)
      // The second is the narrowest with tables.
      for (const width of [360, 961]) {
        await page.setViewportSize({ width, height: 800 })
        await page.waitForTimeout(300)
        expect(await findTooWide(page), `${hash}, ${width} pixels`).toEqual([])
      }
    }
    await page.unrouteAll({ behavior: 'ignoreErrors' })
  })
})

/** Pages that show no texts from outside, or little. */
const morePages = [
  ['usage', '#usage-peak'],
  ['people?q=a', '#whole-id'],
] as const

/** Only the rule about contrast depends on the colours. */
async function expectAllAccessible(page: Page, pageName: string): Promise<void> {
  for (const width of [1280, 360]) {
    await page.setViewportSize({ width, height: 800 })
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      for (let language = 0; language < 2; language++) {
        await page.click('#language')
        const options = colorScheme === 'light' ? {} : { runOnly: ['color-contrast'] }
        await expectAccessible(page, `${pageName}, ${colorScheme}, ${width} pixels`, options)
      }
    }
  }
}

/**
 * The elements that reach beyond the screen and are not cut off, or have a sideways scroll bar of their own. Only the navigation
 * may be scrolled.
 */
function findTooWide(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { clientWidth } = document.documentElement
    return [...document.querySelectorAll('body *:not(svg *, thead *, caption, .lane-names *, nav *)')]
      .filter((element) => {
        const { right, width } = element.getBoundingClientRect()
        const scrolls = element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX === 'auto'
        return width > 1 && (right > clientWidth + 1 || scrolls)
      })
      .map((element) => element.outerHTML.slice(0, 120))
      .slice(0, 5)
  })
}
