import { describe, expect, it } from 'vitest'
import type { UsageHoursRequest } from '../../../../core/ports/usage-store.ts'
import { addSample, type UsageHour } from '../../../../core/usage/usage-hour.ts'
import { createApi } from './test-api.ts'

const msPerHour = 3_600_000
/** Midnight in the time zone of the test's API, which is eight hours ahead. */
const firstHour = Date.UTC(2026, 8, 30, 16) / msPerHour
/** Two months, with a sample in each hour of as many people as the hour of the day. */
const stored: UsageHour[] = Array.from({ length: 61 * 24 }, (_, index) =>
  addSample(undefined, { at: (firstHour + index) * msPerHour, people: index % 24, rooms: 1, meetings: 1 }),
)

/** @param maxHours that one request returns at most. */
function createUsageApi(maxHours = 5000) {
  const listHours = async (request: UsageHoursRequest) => {
    const found = stored.filter(({ hour }) => hour >= request.from && hour < request.to).toReversed()
    const hours = found.slice(0, Math.min(request.maxHours, maxHours))
    return { hours, next: hours.length < found.length ? hours.at(-1)?.hour : undefined }
  }
  return createApi({ listHours })
}

type Page = { items: Record<string, unknown>[]; cursor: string | null }
async function readPage(api: ReturnType<typeof createApi>, query: string): Promise<Page> {
  const { status, body } = await api.get('/api/usage', query)
  expect(status).toBe(200)
  return body as Page
}

describe('GET /api/usage', () => {
  it('sums up a month by day with one request, newest first', async () => {
    const api = createUsageApi()
    const { items, cursor } = await readPage(
      api,
      'period=day&from=2026-11-01T00:00:00%2B08:00&to=2026-12-01T00:00:00%2B08:00',
    )
    expect(items).toHaveLength(30)
    expect(items.at(0)).toEqual({
      period_start: '2026-11-29T16:00:00.000Z',
      peak_people: 23,
      peak_rooms: 1,
      person_minutes: 276,
      meetings: 24,
      sampled_minutes: 24,
    })
    expect(items.at(-1)?.period_start).toBe('2026-10-31T16:00:00.000Z')
    expect(cursor).toBeNull()
    expect(api.calls).toHaveLength(1)
  })

  it.each(['hour', 'day', 'month'])('has the same items by pages of any size, by %s', async (period) => {
    const whole = await readPage(createUsageApi(), `period=${period}&limit=1000`)
    const api = createUsageApi(100)
    const items = []
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Page = await readPage(api, `period=${period}&limit=${period === 'hour' ? 700 : 7}&cursor=${cursor}`)
      items.push(...page.items)
      cursor = page.cursor
    }
    expect(items.slice(0, 1000)).toEqual(whole.items)
    expect(items).toHaveLength({ hour: 61 * 24, day: 61, month: 2 }[period] ?? 0)
  })

  it('stops after twenty requests with a cursor', async () => {
    const api = createUsageApi(10)
    const { items, cursor } = await readPage(api, 'period=day&limit=1000')
    expect(api.calls).toHaveLength(20)
    expect(items).toHaveLength(8)
    expect(cursor).not.toBeNull()
  })

  it('refuses a cursor of another period or of another list', async () => {
    const api = createUsageApi()
    const { cursor } = await readPage(api, 'period=hour&limit=1')
    const encode = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url')
    const wrong = [encode(['usage', 'day', 1]), encode(['meetings', 0]), encode(['usage', 'day', 1e300]), 'x']
    for (const each of [String(cursor), ...wrong])
      expect(await api.get('/api/usage', `period=day&cursor=${each}`)).toMatchObject({ status: 400 })
  })

  it('refuses an unknown period', async () => {
    expect(await createUsageApi().get('/api/usage', 'period=week')).toMatchObject({
      status: 400,
      body: { msg: 'parameter "period" must be hour, day or month' },
    })
  })
})
