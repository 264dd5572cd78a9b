import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { storeProjections } from '../../../bench/stored-projections.ts'
import { event } from '../../support/events.ts'
import { type System, startSystem } from '../../support/system.ts'
import { browser } from './browser.ts'

const room_id = 'permanent'
const visitors = 150
const present = 250

/** Yields the events of a permanent room that visitors have left, and in which others are present. */
function* generateVisits() {
  const at = Date.now() - 3_600_000
  yield event('open', { room_id }, { at })
  for (let user = 0; user < visitors + present; user++) {
    const ids = { room_id, user_id: String(user) }
    yield event('join', { ...ids, user_name: `与会者 ${user}`, endpoint_type: 'web' }, { at: at + 1 })
    if (user < visitors) yield event('leave', ids, { at: at + 1000 })
  }
}

describe.skipIf(browser === undefined)('the console with a room of many visitors', { timeout: 120_000 }, () => {
  let system: System
  beforeAll(async () => {
    system = await startSystem()
    await storeProjections(system.run.awsEndpointUrl, system.run.outputs.StateTableName ?? '', generateVisits())
    // The page needs an event in the log; this one has no effect.
    await system.callback({ event: 'unknown', trace_id: 't', room_id })
    await system.settle()
  })
  afterAll(async () => {
    await browser?.close()
    await system.run.stop()
  })

  it('shows some of the people on the card, and all who are present on the page on request', async () => {
    if (browser === undefined) return
    const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 900 } })
    const page = await context.newPage()
    const token = system.run.apiToken
    await context.addInitScript((value) => sessionStorage.setItem('northbound-token', value), token)
    await page.goto(system.run.consoleUrl)
    await page.waitForSelector('.people li')
    expect(await page.locator('.people li').count()).toBe(9)
    expect(await page.locator('.people li').last().textContent()).toBe('+242')
    await page.locator('h3 a').click()
    const people = page.getByRole('region', { name: 'People now' }).locator('tbody tr')
    await page.waitForSelector('#more-people')
    expect(await people.count()).toBe(200)
    await page.locator('#more-people').click()
    await expect.poll(() => people.count(), { timeout: 10_000 }).toBe(present)
    expect(await page.locator('#present').textContent()).toBe(String(present))
    await context.close()
  })
})
