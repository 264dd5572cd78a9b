import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storeProjections } from '../../../bench/stored-projections.ts'
import { event } from '../../support/events.ts'
import { type System, startSystem } from '../../support/system.ts'
import { browser } from './browser.ts'

const rooms = 500
const participantsPerRoom = 10

/** Yields the events that open the rooms and let everyone join with a microphone and a camera. */
function* generateRooms() {
  const at = Date.now() - 3_600_000
  for (let room = 0; room < rooms; room++) {
    const room_id = String(10_000 + room)
    yield event('open', { room_id }, { at })
    for (let user = 0; user < participantsPerRoom; user++) {
      const ids = { room_id, user_id: `${room}-${user}` }
      yield event('join', { ...ids, user_name: `与会者 ${room}-${user}`, endpoint_type: 'web' }, { at: at + 1 })
      for (const stream_type of ['audio', 'video'])
        yield event('publish', { ...ids, stream_type, stream_id: stream_type }, { at: at + 2 })
    }
  }
}

describe.skipIf(browser === undefined)('the board with 500 rooms and 5,000 people', { timeout: 120_000 }, () => {
  let system: System
  beforeAll(async () => {
    system = await startSystem()
    await storeProjections(system.run.awsEndpointUrl, system.run.outputs.StateTableName ?? '', generateRooms())
  })
  afterAll(async () => {
    await browser?.close()
    await system.run.stop()
  })

  it('appears within two seconds and scrolls smoothly while it refreshes', async () => {
    if (browser === undefined) return
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
    const page = await context.newPage()
    const token = system.run.apiToken
    await context.addInitScript((value) => sessionStorage.setItem('northbound-token', value), token)
    // Excludes the cold start of the function.
    await system.query('/api/stats')
    await page.goto(system.run.consoleUrl)
    await page.waitForSelector('.card')
    const firstPaintMs = await page.evaluate(() => performance.now())
    await page.waitForSelector('.people li')
    expect(await page.locator('.card').count()).toBe(rooms)
    expect(await page.locator('#participants-present').textContent()).toBe(String(rooms * participantsPerRoom))

    const scrolling = await measureScrolling(page)
    const withPeople = await page.locator('.card:has(.people li)').count()
    console.info(
      `first paint ${firstPaintMs.toFixed(0)} ms; ${JSON.stringify(scrolling)}; people shown in ${withPeople} rooms`,
    )
    expect(firstPaintMs).toBeLessThan(2000)
    expect(scrolling.updates).toBeGreaterThanOrEqual(2)
    expect(scrolling.position).toBeGreaterThan(3000)
    expect(scrolling.jumps).toBe(0)
    expect(scrolling.longestTaskMs).toBeLessThan(200)
    expect(scrolling.p99FrameMs).toBeLessThan(100)
    await context.close()
  })
})

/** Scrolls down for ten seconds and counts refreshes and unexpected jumps of the scroll position. */
function measureScrolling(page: Page) {
  return page.evaluate(async () => {
    const taskMs: number[] = []
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) taskMs.push(duration)
    }).observe({ entryTypes: ['longtask'] })
    let updates = 0
    const updated = document.querySelector('#updated')
    if (updated)
      new MutationObserver(() => (updates += 1)).observe(updated, {
        characterData: true,
        subtree: true,
        childList: true,
      })
    const frameMs: number[] = []
    let [lastFrame, jumps, position] = [performance.now(), 0, 0]
    const end = lastFrame + 10_000
    while (lastFrame < end) {
      if (Math.abs(scrollY - position) > 1) jumps += 1
      scrollTo(0, position + 20)
      position = scrollY
      const now = await new Promise<number>((resolve) => requestAnimationFrame(resolve))
      frameMs.push(now - lastFrame)
      lastFrame = now
    }
    frameMs.sort((a, b) => a - b)
    const p99FrameMs = frameMs[Math.floor(frameMs.length * 0.99)] ?? 0
    return { updates, jumps, position, longestTaskMs: Math.max(0, ...taskMs), p99FrameMs }
  })
}
