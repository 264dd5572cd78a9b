import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storeViews } from '../../../bench/stored.ts'
import { startBrowser } from '../../support/browser.ts'
import { event } from '../../support/events.ts'
import { type System, startSystem } from '../../support/system.ts'

const rooms = 500
const peopleInRoom = 10

const browser: Browser | undefined = await startBrowser().catch((error: unknown) => {
  if (process.env.CI !== undefined) throw error
  return undefined
})

/** Every room with its people, each with a microphone and a camera. */
function* everybody() {
  const at = Date.now() - 3_600_000
  for (let room = 0; room < rooms; room++) {
    const room_id = String(10_000 + room)
    yield event('open', { room_id }, { at })
    for (let person = 0; person < peopleInRoom; person++) {
      const who = { room_id, user_id: `${room}-${person}` }
      yield event('join', { ...who, user_name: `与会者 ${room}-${person}`, endpoint_type: 'web' }, { at: at + 1 })
      for (const stream_type of ['audio', 'video'])
        yield event('publish', { ...who, stream_type, stream_id: stream_type }, { at: at + 2 })
    }
  }
}

describe.skipIf(browser === undefined)('a board of 500 rooms with 5,000 people', { timeout: 120_000 }, () => {
  let system: System
  beforeAll(async () => {
    system = await startSystem()
    await storeViews(system.run.awsEndpointUrl, system.run.outputs.StateTableName ?? '', everybody())
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await system.run.stop()
  })

  it('is there within two seconds, and is scrolled smoothly while it refreshes', async () => {
    if (browser === undefined) return
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
    const page = await context.newPage()
    const token = system.run.apiToken
    await context.addInitScript((value) => sessionStorage.setItem('northbound-token', value), token)
    // The function is started, as it is wherever somebody has looked a moment ago.
    await system.query('/api/stats')
    await page.goto(system.run.consoleUrl)
    await page.waitForSelector('.card')
    const firstPaint = await page.evaluate(() => performance.now())
    await page.waitForSelector('.people li')
    expect(await page.locator('.card').count()).toBe(rooms)
    expect(await page.locator('#participants-present').textContent()).toBe(String(rooms * peopleInRoom))

    const scrolled = await page.evaluate(async () => {
      const long: number[] = []
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) long.push(duration)
      }).observe({ entryTypes: ['longtask'] })
      let updates = 0
      const updated = document.querySelector('#updated')
      if (updated)
        new MutationObserver(() => (updates += 1)).observe(updated, {
          characterData: true,
          subtree: true,
          childList: true,
        })
      const gaps: number[] = []
      let [last, jumps, place] = [performance.now(), 0, 0]
      const end = last + 10_000
      while (last < end) {
        if (Math.abs(scrollY - place) > 1) jumps += 1
        scrollTo(0, place + 20)
        place = scrollY
        const now = await new Promise<number>((frame) => requestAnimationFrame(frame))
        gaps.push(now - last)
        last = now
      }
      gaps.sort((a, b) => a - b)
      return { updates, jumps, place, longest: Math.max(0, ...long), p99: gaps[Math.floor(gaps.length * 0.99)] ?? 0 }
    })
    const visible = await page.locator('.card:has(.people li)').count()
    console.info(
      `first paint ${firstPaint.toFixed(0)} ms; ${JSON.stringify(scrolled)}; people shown in ${visible} rooms`,
    )
    expect(firstPaint).toBeLessThan(2000)
    expect(scrolled.updates).toBeGreaterThanOrEqual(2)
    expect(scrolled.place).toBeGreaterThan(3000)
    expect(scrolled.jumps).toBe(0)
    expect(scrolled.longest).toBeLessThan(200)
    expect(scrolled.p99).toBeLessThan(100)
    await context.close()
  })
})
