import { readFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { formatDuration } from '../../../console/elements/duration.ts'
import { browser } from './browser.ts'
import { ConsoleFixture, hostileName } from './console-fixture.ts'
import { keepSample } from './keep-sample.ts'

describe.skipIf(browser === undefined)('the console', { timeout: 60_000 }, () => {
  let fixture: ConsoleFixture

  beforeAll(async () => {
    fixture = await ConsoleFixture.start(browser)
  })
  afterEach(() => fixture.closeTabs())
  afterAll(() => fixture.stop())

  const queryApi = async (path: string) => (await fixture.system.query(path)).body as Record<string, unknown>

  it('shows who is in which room and updates within five seconds of a callback', async () => {
    const tab = await fixture.signIn()
    const { page } = tab
    await page.waitForSelector('.people li')
    expect(await tab.text('.card')).toMatch(/1001[\s\S]*microphone[\s\S]*screen share/i)
    await fixture.join('carl', 'Carl')
    await page.getByText('Carl', { exact: true }).waitFor({ timeout: 5000 })
    await fixture.sendEvent('leave', { user_id: 'carl' })
    await page.getByText('Carl', { exact: true }).waitFor({ state: 'detached', timeout: 5000 })
    expect(tab.errors).toEqual([])
  })

  it('leads from a room to one of its meetings, and back', async () => {
    const { page } = await fixture.signIn()
    await page.click('.card h3 a')
    await page.getByRole('region', { name: 'Meetings' }).locator('a').first().click()
    await page.getByText('All meetings of this room').waitFor()
    await page.waitForSelector('#meeting-people')
    const { items } = await queryApi('/api/meetings?room_id=1001')
    const [{ people, peak } = {}] = (items ?? []) as { people?: number; peak?: number }[]
    expect(await page.textContent('#meeting-people')).toBe(String(people))
    expect(await page.textContent('#meeting-peak')).toBe(String(peak))
    expect(await page.title()).toMatch(/^Meeting .* · Room 1001 · /)
    await page.goBack()
    await page.getByRole('region', { name: 'Meetings' }).waitFor()
    await page.reload()
    await page.getByRole('region', { name: 'Meetings' }).waitFor()
  })

  it('finds a closed room by a part of its id, and keeps the text in the address', async () => {
    await fixture.sendEvent('open', { room_id: 'closed-7' })
    await fixture.sendEvent('close', { room_id: 'closed-7' })
    await fixture.system.settle()
    const { page } = await fixture.signIn()
    await page.click('#show-closed')
    await page.getByRole('cell', { name: 'closed-7' }).waitFor()
    await page.fill('#filter', 'nothing')
    await page.getByText('No closed room matches').waitFor()
    await page.fill('#filter', 'SED-7')
    await page.getByRole('cell', { name: 'closed-7' }).waitFor()
    await page.reload()
    await page.getByRole('cell', { name: 'closed-7' }).waitFor()
    expect(await page.inputValue('#filter')).toBe('SED-7')
  })

  it('downloads attendance exactly as the API returns it', async () => {
    const { page } = await fixture.signIn()
    await page.click('.card h3 a')
    await page.waitForSelector('#csv')
    // Someone is present, so another request would count more seconds.
    let sent: Uint8Array = new Uint8Array()
    let url = ''
    await page.route('**/api/attendance?*format=csv*', async (route) => {
      const response = await route.fetch()
      url = route.request().url()
      sent = await response.body()
      await route.fulfill({ response })
    })
    const [download] = await Promise.all([page.waitForEvent('download'), page.click('#csv')])
    expect(download.suggestedFilename()).toMatch(/^attendance-1001-\d{4}-\d\d-\d\d-\d\d-\d\d\.csv$/)
    const { items: meetings } = await queryApi('/api/meetings?room_id=1001')
    const [{ opened_at: from = '' } = {}] = (meetings ?? []) as { opened_at?: string }[]
    const query = Object.fromEntries(new URL(url).searchParams)
    expect(query).toEqual({ room_id: '1001', lang: 'en', from, format: 'csv' })
    const [workbook] = await Promise.all([page.waitForEvent('download'), page.click('#xlsx')])
    expect(workbook.suggestedFilename()).toMatch(/^attendance-1001-.*\.xlsx$/)
    // A workbook is a ZIP file.
    expect((await readFile(await workbook.path())).subarray(0, 2).toString()).toBe('PK')
    const file = await readFile(await download.path(), 'utf8')
    expect(Buffer.from(file)).toEqual(Buffer.from(sent))
    expect(file.charCodeAt(0)).toBe(0xfeff)
    expect(file).toContain(`,'=cmd(),`)
  })

  it('reports a lost connection with the time of the data shown, and the recovery', async () => {
    const tab = await fixture.signIn()
    const { page, context } = tab
    await context.setOffline(true)
    await page.waitForFunction(() => /connection is lost/.test(document.querySelector('#problem')?.textContent ?? ''))
    expect(await tab.text('#problem')).toMatch(/The data shown is of \d\d:\d\d:\d\d/)
    expect(await page.locator('.card').count()).toBe(1)
    await context.setOffline(false)
    await page.waitForFunction(() => document.querySelector('#problem')?.textContent === '')
  })

  it('reports an API failure and a room that does not exist', async () => {
    const { page } = await fixture.signIn()
    const { run } = fixture.system
    const removeFault = run.inject({ service: 'dynamodb', action: 'Query' })
    await page.waitForFunction(() => document.querySelector('#problem')?.textContent !== '', undefined, {
      timeout: 20_000,
    })
    removeFault()
    await page.goto(`${run.consoleUrl}#/rooms/none`)
    await page.getByText('No room “none”').waitFor()
  })

  it('shows the numbers of the API on every page', async () => {
    const tab = await fixture.signIn()
    const { page } = tab
    const stats = await queryApi('/api/stats')
    await page.waitForFunction(
      (present) => document.querySelector('#participants-present')?.textContent === present,
      String(stats.participants_present),
    )
    expect(await tab.text('#rooms-open')).toBe(String(stats.rooms_open))
    const { items: rooms } = await queryApi('/api/rooms')
    expect(await page.locator('.present').allTextContents()).toEqual(
      (rooms as { present: number }[]).map(({ present }) => String(present)),
    )
    await page.click('nav a[data-page=health]')
    await page.waitForSelector('#stat-callbacks_last_hour')
    for (const name of ['rooms_open', 'participants_present', 'callbacks_last_hour', 'dead_letters', 'queue_depth'])
      expect(await tab.text(`#stat-${name}`), name).toBe(String((await queryApi('/api/stats'))[name]))
    await page.click('nav a[data-page=boxes]')
    await page.getByRole('cell', { name: 'box-01' }).waitFor()
    expect(await page.locator('tbody td').nth(5).textContent()).toBe('1')
    await page.click('nav a[data-page=recordings]')
    await page.getByRole('cell', { name: 'x1' }).waitFor()
    await page.goto(`${fixture.system.run.consoleUrl}#/users/bob`)
    await page.getByRole('cell', { name: '1001' }).waitFor()
    const { items: sessions } = await queryApi('/api/sessions?user_id=bob')
    const [{ seconds, reconnects } = {}] = (sessions ?? []) as { seconds?: number; reconnects?: number }[]
    const cells = await page.locator('tbody td').allTextContents()
    expect([cells[4], cells[7]]).toEqual([formatDuration(seconds ?? 0), String(reconnects)])
  })

  it('shows on every page how much needs attention, and on that of health what it is, in both languages', async () => {
    const tab = await fixture.open()
    const { page } = tab
    const stats = await queryApi('/api/stats')
    const warnings = ['callbacks_missing', 'dead_letters']
    await page.route('**/api/stats', (route) => route.fulfill({ json: { ...stats, warnings } }))
    await tab.submitToken(fixture.system.run.apiToken)
    await page.waitForSelector('#warnings a')
    expect(await tab.text('#warnings')).toBe(
      '2 problems need attention, see Health (callbacks are missing, events failed for good)',
    )
    await page.click('#warnings a')
    await page.waitForSelector('#verdict li')
    expect(await page.locator('#verdict li').allTextContents()).toEqual([
      expect.stringMatching(/^No callbacks arrive although people are in rooms\..* section “callbacks-missing”/),
      expect.stringMatching(/^Events could not be applied/),
    ])
    expect(await tab.text('#warnings')).toBe('')
    await page.click('#language')
    expect(await tab.text('#verdict')).toMatch(/^未收到平台回调：房间内有用户/)
    expect(await page.locator('#health-dot').getAttribute('title')).toBe('有问题需要处理')
    await page.click('#sign-out')
    await page.waitForSelector('#token')
    expect(await page.locator('#warnings').count()).toBe(0)
  })

  it('shows what refused callbacks sent, as text', async () => {
    const query = new URLSearchParams({ room_id: '1001', [hostileName.slice(0, 39)]: hostileName })
    const send = () => fixture.system.request(`/room_event_history?${query}`)
    expect(await send()).toMatchObject({ status: 400 })
    await keepSample(fixture.system, send, 'identity_missing')
    const { page } = await fixture.signIn()
    await page.click('nav a[data-page=health]')
    await page.getByText('room_id=1001').first().waitFor()
    expect(await page.getByText('identifying parameter is missing').count()).toBeGreaterThan(0)
    expect(await page.locator('td li').last().textContent()).toBe(
      `${hostileName.slice(0, 39)}=${hostileName.slice(0, 63)}…`,
    )
    expect(await page.evaluate(() => 'hacked' in globalThis)).toBe(false)
  })

  it('shows nothing if nothing needs attention', async () => {
    const tab = await fixture.open()
    const stats = await queryApi('/api/stats')
    // The fixture has a media server with warnings.
    expect(stats).toMatchObject({ warnings: ['port_check'] })
    await tab.page.route('**/api/stats', (route) => route.fulfill({ json: { ...stats, warnings: [] } }))
    await tab.submitToken(fixture.system.run.apiToken)
    await tab.page.waitForSelector('#warnings', { state: 'attached' })
    expect(await tab.page.locator('#warnings').textContent()).toBe('')
  })

  it('shows the other rooms if one cannot be read', async () => {
    await fixture.sendEvent('join', { room_id: '1001/events', user_id: 'odd' })
    await fixture.system.settle()
    const tab = await fixture.signIn()
    await tab.page.waitForFunction(() => document.querySelectorAll('.card').length === 2)
    await fixture.join('dora', 'Dora')
    await tab.page.getByText('Dora', { exact: true }).waitFor({ timeout: 5000 })
    expect(await tab.text('#problem')).toBe('')
    await fixture.sendEvent('leave', { room_id: '1001/events', user_id: 'odd' })
    await fixture.sendEvent('leave', { user_id: 'dora' })
  })

  it.each(['#/rooms/100%', '#/constructor'])('shows the board at the invalid address %s', async (hash) => {
    const tab = await fixture.signIn()
    await tab.page.goto('about:blank')
    await tab.page.goto(`${fixture.system.run.consoleUrl}${hash}`)
    await tab.page.waitForSelector('.card')
    tab.ignoreRequests('about:blank')
  })

  it('keeps filters while navigating, and shows the data of the latest filter', async () => {
    const { page } = await fixture.signIn()
    await page.fill('#filter', 'none of these')
    await page.waitForFunction(() => document.querySelectorAll('.card').length === 0)
    await page.click('nav a[data-page=recordings]')
    await page.selectOption('#recording-status', 'failed')
    await page.getByText('No recordings').waitFor()
    await page.click('nav a[data-page=boxes]')
    await page.click('nav a[data-page=recordings]')
    await page.waitForSelector('#recording-status')
    expect(await page.inputValue('#recording-status')).toBe('failed')
    await page.click('nav a[data-page=""]')
    await page.waitForSelector('#filter')
    expect(await page.inputValue('#filter')).toBe('none of these')
  })

  it('shows the name of a room on its card and its page, and finds the room by it', async () => {
    const named = { event: 'name_room', room_id: '1001', room_name: '<b>周会</b>', trace_id: 'name' }
    await fixture.system.enqueue(named, Date.now(), 'reconcile')
    await fixture.system.settle()
    const { page } = await fixture.signIn()
    await page.fill('#filter', '周会')
    await page.waitForFunction(() => document.querySelector('.card .room-name') !== null)
    expect(await page.textContent('.card h3')).toContain('1001 <b>周会</b>')
    await page.click('.card h3 a')
    await page.waitForSelector('#room-name')
    expect(await page.textContent('h1')).toContain('1001 <b>周会</b>')
  })
})
