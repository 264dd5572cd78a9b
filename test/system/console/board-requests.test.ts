import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { browser } from './browser.ts'
import { ConsoleFixture, type ConsoleTab } from './console-fixture.ts'

/** Counts the API requests of a tab by path while `action` runs. */
async function countRequests(tab: ConsoleTab, action: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = tab.requests.length
  await action()
  const counts: Record<string, number> = {}
  for (const url of tab.requests.slice(before)) {
    const { pathname } = new URL(url)
    counts[pathname] = (counts[pathname] ?? 0) + 1
  }
  return counts
}

describe.skipIf(browser === undefined)('the requests of the console', { timeout: 60_000 }, () => {
  let fixture: ConsoleFixture

  beforeAll(async () => {
    fixture = await ConsoleFixture.start(browser)
  })
  afterEach(() => fixture.closeTabs())
  afterAll(() => fixture.stop())

  async function openBoard(): Promise<ConsoleTab> {
    const tab = await fixture.signIn()
    await tab.page.waitForSelector('.people li')
    return tab
  }

  it('read the list and the room on the screen at most every two seconds, and no statistics', async () => {
    const tab = await openBoard()
    const counts = await countRequests(tab, () => sleep(6500))
    expect(Object.keys(counts).sort()).toEqual(['/api/room', '/api/rooms'])
    for (const count of Object.values(counts)) {
      expect(count).toBeGreaterThanOrEqual(1)
      expect(count).toBeLessThanOrEqual(4)
    }
    expect(await tab.text('#participants-present')).toBe('1')
  })

  it('do not ask for an empty room', async () => {
    await fixture.sendEvent('open', { room_id: 'empty' })
    await fixture.system.settle()
    const tab = await openBoard()
    await expect.poll(() => tab.page.locator('.card').count()).toBe(2)
    await sleep(2500)
    const asked = tab.requests.filter((url) => url.includes('/api/room?'))
    expect(asked.length).toBeGreaterThan(0)
    expect(asked.filter((url) => url.includes('room_id=empty'))).toEqual([])
    await fixture.sendEvent('close', { room_id: 'empty' })
    await fixture.system.settle()
  })

  it('get no body for an unchanged list', async () => {
    const tab = await openBoard()
    const response = await tab.page.waitForResponse((one) => one.url().includes('/api/rooms?') && one.status() === 304)
    expect(response.request().headers()).toMatchObject({ 'cache-control': 'max-age=1' })
    await fixture.join('eve', 'Eve')
    await tab.page.getByText('Eve', { exact: true }).waitFor({ timeout: 5000 })
    await fixture.sendEvent('leave', { user_id: 'eve' })
    await tab.page.getByText('Eve', { exact: true }).waitFor({ state: 'detached', timeout: 5000 })
    expect(tab.errors).toEqual([])
  })

  it('show within five seconds what someone sends, although the list does not change', async () => {
    const tab = await openBoard()
    await fixture.sendEvent('publish', { user_id: 'ann', stream_type: 'video', stream_id: 's3' })
    await tab.page.getByText('camera', { exact: true }).waitFor({ timeout: 5000 })
    await fixture.sendEvent('unpublish', { user_id: 'ann', stream_type: 'video', stream_id: 's3' })
    await tab.page.getByText('camera', { exact: true }).waitFor({ state: 'detached', timeout: 5000 })
  })

  it('stop while the page is hidden, and start again when it is shown', async () => {
    const tab = await openBoard()
    const setHidden = (hidden: boolean) =>
      tab.page.evaluate((value) => {
        Object.defineProperty(document, 'hidden', { configurable: true, get: () => value })
        document.dispatchEvent(new Event('visibilitychange'))
      }, hidden)
    await setHidden(true)
    // A request may be under way.
    await sleep(500)
    expect(await countRequests(tab, () => sleep(4500))).toEqual({})
    const shown = await countRequests(tab, async () => {
      await setHidden(false)
      await sleep(1000)
    })
    expect(shown['/api/rooms']).toBe(1)
  })

  it('concern only the room whose page is open', async () => {
    const tab = await openBoard()
    await tab.page.click('.card h3 a')
    await tab.page.waitForSelector('#csv')
    const counts = await countRequests(tab, () => sleep(4500))
    expect(Object.keys(counts)).not.toContain('/api/rooms')
    expect(Object.keys(counts)).not.toContain('/api/stats')
    expect(counts['/api/room']).toBeGreaterThanOrEqual(1)
  })

  it('read the names of rooms that are in view, also of those that the list of the newest rooms does not have', async () => {
    const { page } = await openBoard()
    const asked: string[] = []
    await page.route('**/api/recordings?*', (route) => route.fulfill({ json: { items: recordings, cursor: null } }))
    await page.route('**/api/rooms?*', (route) => {
      const id = new URL(route.request().url()).searchParams.get('room_id')
      if (id === null) return route.fulfill({ json: { items: [], cursor: null } })
      asked.push(id)
      return route.fulfill({ json: { items: [{ room_id: id, name: `Name of ${id}` }], cursor: null } })
    })
    await page.click('nav a[data-page=recordings]')
    await page.getByText('Name of room-0', { exact: true }).waitFor()
    expect(asked.length).toBeLessThan(recordings.length / 3)
    await page.getByText('room-299', { exact: true }).scrollIntoViewIfNeeded()
    await page.getByText('Name of room-299', { exact: true }).waitFor()
    expect(new Set(asked).size).toBe(asked.length)
  })
})

const recordings = Array.from({ length: 300 }, (_, index) => ({
  room_id: `room-${index}`,
  exporter_id: 'x',
  exporter_type: 'mp4',
  status: 'stopped',
  started_at: '2026-11-26T08:00:00.000Z',
  stopped_at: '2026-11-26T09:00:00.000Z',
  ready_at: null,
  files: null,
  file_list: [],
  reason: null,
}))
