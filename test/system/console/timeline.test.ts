import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { browser } from './browser.ts'
import { ConsoleFixture } from './console-fixture.ts'
import { dayOf } from './day.ts'

const people = 200
/** Each of the lanes that are drawn at first: one of recordings, and the others of people with six lessons. */
const barsOfDay = 1 + (people - 1) * 6 * 4

describe.skipIf(browser === undefined)('the timeline of the console', { timeout: 60_000 }, () => {
  let fixture: ConsoleFixture

  beforeAll(async () => {
    fixture = await ConsoleFixture.start(browser)
  })
  afterEach(() => fixture.closeTabs())
  afterAll(() => fixture.stop())

  /** Opens the page of a room whose meeting is a day of 200 people. */
  async function openDay(options: Parameters<ConsoleFixture['signIn']>[0] = {}) {
    const tab = await fixture.signIn(options)
    await tab.page.route('**/api/timeline?*', (route) => route.fulfill({ json: dayOf(people) }))
    await tab.page.click('.card h3 a')
    await tab.page.waitForFunction((count) => document.querySelectorAll('.timeline .bar').length === count, barsOfDay)
    return tab
  }

  it('draws a timeline with sessions, reconnects and streams of each person, and recordings', async () => {
    const tab = await fixture.signIn()
    const { page } = tab
    await page.click('.card h3 a')
    await page.waitForSelector('.timeline')
    const lanes = page.locator('.timeline .lane')
    await page.waitForFunction(() => document.querySelectorAll('.timeline .lane').length >= 3)
    const classes = await page
      .locator('.timeline .bar')
      .evaluateAll((bars) => bars.map((bar) => bar.getAttribute('class')))
    expect(classes).toEqual(expect.arrayContaining(['bar session', 'bar audio', 'bar desktop', 'bar recording']))
    const names = await page.locator('.lane-names li').allTextContents()
    expect(await lanes.nth(names.indexOf('=cmd()')).locator('.mark').count()).toBe(1)
    expect(await page.locator('.axis .tick').count()).toBeGreaterThanOrEqual(2)
    expect(tab.errors).toEqual([])
  })

  it('zooms and moves a day with 200 people within a tenth of a second, without drawing a bar again', async () => {
    const { page, errors } = await openDay()
    const { zoomMs, dragMs, redrawn } = await measureInteraction(page)
    console.info(`zoom in ${zoomMs.toFixed(0)} ms, move in ${dragMs.toFixed(0)} ms`)
    expect(redrawn).toBe(0)
    // Three times the target, because other tests run at the same time.
    expect(Math.max(zoomMs, dragMs)).toBeLessThan(300)
    expect((await readViewBox(page)).width).toBeCloseTo(86_400 / 2 ** 5, 0)
    await page.click('#zoom-all')
    await expect.poll(() => readViewBox(page)).toEqual({ from: 0, width: 86_400 })
    expect(errors).toEqual([])
  })

  it('follows the pointer and fingers, and forgets a finger that the browser takes over', async () => {
    const { page } = await openDay({ hasTouch: true })
    await page.click('#zoom-in')
    await expect.poll(async () => (await readViewBox(page)).width).toBe(43_200)
    const before = await readViewBox(page)
    const box = await page.locator('.chart').boundingBox()
    if (box === null) throw new Error('no chart')
    const [x, y] = [box.x + box.width / 2, box.y + 20]
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + box.width / 4, y, { steps: 3 })
    await page.mouse.up()
    const dragged = await readViewBox(page)
    expect(before.from - dragged.from).toBeCloseTo(before.width / 4, -2)
    await page.mouse.move(x - box.width / 4, y)
    expect(await readViewBox(page)).toEqual(dragged)

    const touch = await page.context().newCDPSession(page)
    const send = (type: 'touchStart' | 'touchMove' | 'touchEnd' | 'touchCancel', ...xs: readonly number[]) =>
      touch.send('Input.dispatchTouchEvent', { type, touchPoints: xs.map((at, id) => ({ x: at, y, id })) })
    await send('touchStart', x)
    await send('touchMove', x - box.width / 8)
    await send('touchMove', x - box.width / 4)
    await send('touchEnd')
    await expect.poll(async () => (await readViewBox(page)).from).toBeCloseTo(before.from, -2)
    await send('touchStart', x - 50, x + 50)
    await send('touchMove', x - 100, x + 100)
    await send('touchEnd')
    await expect.poll(async () => (await readViewBox(page)).width).toBeCloseTo(21_600, -2)
    const pinched = await readViewBox(page)
    await send('touchStart', x)
    await send('touchCancel')
    await page.mouse.move(x + 100, y)
    expect(await readViewBox(page)).toEqual(pinched)
  })

  it('places bars exactly in a year, seen through a window of five seconds', async () => {
    const tab = await fixture.signIn()
    const { page } = tab
    const from = '2026-01-01T00:00:00.000Z'
    const joinedMs = Date.parse('2026-12-24T18:00:00.000Z')
    const session = { leave_reason: 'normal', endpoint_type: 'web', estimated: false }
    const sessions = Array.from({ length: 3 }, (_, second) => ({
      joined_at: new Date(joinedMs + second * 1000).toISOString(),
      left_at: new Date(joinedMs + second * 1000 + 500).toISOString(),
      ...session,
    }))
    const person = { user_id: 'u', user_name: null, sessions, streams: [], reconnected_at: [] }
    const year = { room_id: '1001', from, to: '2027-01-01T00:00:00.000Z', people: [person], media_known_until: null }
    await page.route('**/api/timeline?*', (route) => route.fulfill({ json: year }))
    await page.route('**/api/recordings?*', (route) => route.fulfill({ json: { items: [], cursor: null } }))
    await page.click('.card h3 a')
    await page.waitForSelector('.chart')
    for (let times = 0; times < 60; times++) await zoomAround(page, '.chart .bar')
    await expect.poll(async () => (await readViewBox(page)).width).toBe(5)
    const lefts = await page
      .locator('.chart .bar')
      .evaluateAll((bars) => bars.map((bar) => bar.getBoundingClientRect()))
    const [first, second, third] = lefts
    const width = (await page.locator('.chart').boundingBox())?.width ?? 0
    // Seconds between bars, by their place on the screen.
    const secondsBetween = (one?: DOMRect, other?: DOMRect) => (((other?.x ?? 0) - (one?.x ?? 0)) / width) * 5
    expect(secondsBetween(first, second)).toBeCloseTo(1, 2)
    expect(secondsBetween(second, third)).toBeCloseTo(1, 2)
    expect(tab.errors).toEqual([])
  })

  it('reads the streams of the part in view if there are too many events for one response', async () => {
    const { page } = await fixture.signIn()
    const day = dayOf(2)
    const knownUntil = '2026-11-25T09:00:00.000Z'
    const cut = day.people.map((person) => ({
      ...person,
      streams: person.streams.filter(({ from }) => from < knownUntil),
    }))
    const later = day.people.map((person) => ({
      ...person,
      streams: person.streams.filter(({ from }) => from >= knownUntil),
    }))
    const asked: (string | null)[] = []
    await page.route('**/api/timeline?*', (route) => {
      const from = new URL(route.request().url()).searchParams.get('from')
      if (from !== knownUntil) return route.fulfill({ json: { ...day, people: cut, media_known_until: knownUntil } })
      asked.push(from)
      return route.fulfill({ json: { ...day, from, people: later } })
    })
    await page.click('.card h3 a')
    await page.waitForSelector('#media-known-until')
    expect(await page.locator('.lane .bar.audio').count()).toBe(2)
    await page.click('#zoom-in')
    await expect.poll(() => page.locator('.lane .bar.audio').count(), { timeout: 5000 }).toBe(2 * 6)
    expect(asked).toEqual([knownUntil])
  })
})

/** Zooms in around an element, with Ctrl and the wheel. */
function zoomAround(page: Page, selector: string): Promise<void> {
  return page.evaluate((selected) => {
    const bar = document.querySelector(selected)?.getBoundingClientRect()
    document
      .querySelector('.chart')
      ?.dispatchEvent(
        new WheelEvent('wheel', { deltaY: -1, ctrlKey: true, clientX: bar?.x ?? 0, bubbles: true, cancelable: true }),
      )
    return new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
  }, selector)
}

/** The visible part of the axis in seconds. */
async function readViewBox(page: Page): Promise<{ from: number; width: number }> {
  const viewBox = (await page.locator('.chart svg').getAttribute('viewBox')) ?? ''
  const [from = Number.NaN, , width = Number.NaN] = viewBox.split(' ').map(Number)
  return { from, width }
}

/** Zooms and moves the timeline. @returns the medians until the next frame, and how many shapes were changed. */
function measureInteraction(page: Page) {
  return page.evaluate(async () => {
    let redrawn = 0
    const observer = new MutationObserver((changes) => (redrawn += changes.length))
    for (const lane of document.querySelectorAll('.timeline .lane'))
      observer.observe(lane, { attributes: true, childList: true, subtree: true })
    const measure = async (act: (turn: number) => void) => {
      const times: number[] = []
      for (let turn = 0; turn < 5; turn++) {
        const startedAt = performance.now()
        act(turn)
        await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)))
        times.push(performance.now() - startedAt)
      }
      return times.sort((one, other) => one - other)[2] ?? 0
    }
    const chart = document.querySelector('.chart')
    const point = (type: string, clientX: number) =>
      chart?.dispatchEvent(new PointerEvent(type, { pointerId: 1, button: 0, clientX, bubbles: true }))
    const zoomMs = await measure(() => document.querySelector<HTMLButtonElement>('#zoom-in')?.click())
    // Capturing needs a real pointer.
    if (chart !== null) chart.setPointerCapture = () => undefined
    point('pointerdown', 600)
    const dragMs = await measure((turn) => point('pointermove', 500 - turn * 50))
    point('pointerup', 300)
    return { zoomMs, dragMs, redrawn }
  })
}
