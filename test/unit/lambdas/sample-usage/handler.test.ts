import type { Context } from 'aws-lambda'
import { describe, expect, it } from 'vitest'
import { allTime } from '../../../../core/ports/period.ts'
import type { UsageStore } from '../../../../core/ports/usage-store.ts'
import { summarizeUsage } from '../../../../core/usage/summarize-usage.ts'
import type { UsageHour } from '../../../../core/usage/usage-hour.ts'
import { createHandler } from '../../../../lambdas/sample-usage/handler.ts'

const noon = Date.UTC(2026, 10, 26, 12)
const minuteMs = 60_000

/** A store in memory that counts requests. */
function createStore() {
  const hours = new Map<number, UsageHour>()
  const requests = { reads: 0, writes: 0 }
  const usage: UsageStore = {
    async readLatest() {
      requests.reads += 1
      return [...hours.values()].sort((one, other) => other.hour - one.hour).at(0)
    },
    async write(hour, expectedLastAt) {
      requests.writes += 1
      if (hours.get(hour.hour)?.last_at !== expectedLastAt) return 'conflict'
      hours.set(hour.hour, hour)
      return 'written'
    },
  }
  const summarize = () =>
    summarizeUsage([...hours.values()], { period: 'month', interval: allTime, timeZone: 'UTC' }).at(0)
  return { usage, requests, summarize }
}

/** An environment of the function, with so many people in a room that was opened at this time. */
function createSampler(usage: UsageStore, people = 3, opened_at = noon) {
  let now = noon
  const handler = createHandler({
    openRooms: {
      readOpenRooms: async () => ({
        rooms: [{ room_id: 'R', opened_at }],
        present: Array.from({ length: people }, (_, index) => ({ room_id: 'R', user_id: `u${index}` })),
      }),
    },
    usage,
    people: { readEntries: async () => new Map(), readNames: async () => new Map(), write: async () => undefined },
    now: () => now,
  })
  return (at: number) => {
    now = at
    return handler({}, { getRemainingTimeInMillis: () => 50_000 } as Context)
  }
}

describe('the function sample-usage', () => {
  it('counts each minute once, with one write and no read after the first one', async () => {
    const { usage, requests, summarize } = createStore()
    const sample = createSampler(usage)
    expect(await sample(noon + 1)).toEqual({ outcome: 'sampled' })
    expect(await sample(noon + 59_999)).toEqual({ outcome: 'already_sampled' })
    expect(await sample(noon + minuteMs)).toEqual({ outcome: 'sampled' })
    expect(summarize()).toMatchObject({ peak_people: 3, peak_rooms: 1, person_minutes: 6, sampled_minutes: 2 })
    expect(requests).toEqual({ reads: 1, writes: 2 })
  })

  it('counts a meeting once, also over the end of an hour and by another environment', async () => {
    const { usage, summarize } = createStore()
    const openedAt = noon + 59 * minuteMs + 50_000
    const first = createSampler(usage, 1, openedAt)
    for (let minute = 55; minute < 65; minute++) {
      // An environment that was started in between knows nothing of the samples before.
      const sample = minute % 3 === 0 ? createSampler(usage, 1, openedAt) : first
      expect(await sample(noon + minute * minuteMs + 7000)).toEqual({ outcome: 'sampled' })
    }
    expect(summarize()).toMatchObject({ meetings: 1, person_minutes: 10, sampled_minutes: 10 })
  })

  it('reads the hour again if another environment has sampled in the meantime', async () => {
    const { usage, requests, summarize } = createStore()
    const [one, other] = [createSampler(usage, 1), createSampler(usage, 2)]
    await one(noon)
    await other(noon + minuteMs)
    expect(await one(noon + minuteMs)).toEqual({ outcome: 'already_sampled' })
    expect(await one(noon + 2 * minuteMs)).toEqual({ outcome: 'sampled' })
    expect(summarize()).toMatchObject({ person_minutes: 4, sampled_minutes: 3 })
    expect(requests.writes).toBe(4)
  })

  it('fails if the hour keeps changing', async () => {
    const { usage } = createStore()
    const sample = createSampler({ ...usage, write: async () => 'conflict' })
    await expect(sample(noon)).rejects.toThrow('keeps changing')
  })
})
