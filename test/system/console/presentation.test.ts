import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { browser } from './browser.ts'
import { ConsoleFixture } from './console-fixture.ts'
import { foreignText, inspectForeignTexts, sendForeignTexts } from './foreign-texts.ts'

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
    await fixture.system.request('/room_event_history?room_id=1001')
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
})
