import { describe, expect, it } from 'vitest'
import { generateTrace, type RoomListEntry, type RoomListOptions, RoomListReplay } from '../../src/index.ts'

const trace = generateTrace({ meetingsPerDay: 20, sessionsPerDay: 10 })
const minuteMs = 60_000
const times = Array.from({ length: 24 * 60 - 1 }, (_, minute) => trace.startAt + (minute + 1) * minuteMs)

function listAll(options: Partial<RoomListOptions>) {
  const replay = new RoomListReplay(trace, options)
  return times.map((at) => ({ at, rooms: replay.list(at) }))
}

const textOf = (rooms: readonly RoomListEntry[]) =>
  rooms.flatMap(({ room_id, users }) => [room_id, ...users.map(({ user_id }) => `${room_id} ${user_id}`)]).sort()

/** What was true at a time: rooms, and rooms with users. */
function truthAt(at: number): string[] {
  const holds = ({ from, to }: { from: number; to: number }) => from <= at && at < to
  const rooms = trace.truth.openings.filter(holds).map(({ room_id }) => room_id)
  const people = trace.truth.presences.filter(holds).map(({ room_id, user_id }) => `${room_id} ${user_id}`)
  return [...rooms, ...people].sort()
}

describe('RoomListReplay', () => {
  it('lists what is true if the list is not stale', () => {
    for (const { at, rooms } of listAll({ maxStalenessMs: 0 })) expect(textOf(rooms ?? [])).toEqual(truthAt(at))
  })

  it('lists what was true within the staleness', () => {
    const changes = [...trace.truth.openings, ...trace.truth.presences].flatMap(({ from, to }) => [from, to])
    for (const { at, rooms } of listAll({ maxStalenessMs: 10_000 })) {
      const moments = [at - 10_000, ...changes.filter((change) => at - 10_000 < change && change <= at)]
      expect(moments.map((moment) => textOf(rooms ?? []).join() === truthAt(moment).join())).toContain(true)
    }
  })

  it('fails for a share of the requests', () => {
    const failed = listAll({ failedShare: 0.2 }).filter(({ rooms }) => rooms === undefined)
    expect(failed.length / times.length).toBeCloseTo(0.2, 1)
  })

  it('is empty during an episode', () => {
    const options = {
      maxStalenessMs: 0,
      emptyEpisodesPerDay: 1,
      minEpisodeMs: 30 * minuteMs,
      maxEpisodeMs: 30 * minuteMs,
    }
    const wrong = listAll(options).filter(({ at, rooms }) => textOf(rooms ?? []).join() !== truthAt(at).join())
    expect(wrong.map(({ rooms }) => rooms)).toEqual(Array.from({ length: 30 }, () => []))
  })

  it('lacks the rooms of one server during an episode', () => {
    const options = {
      maxStalenessMs: 0,
      partialEpisodesPerDay: 1,
      minEpisodeMs: 60 * minuteMs,
      maxEpisodeMs: 60 * minuteMs,
    }
    const serverOf = (room_id: string | undefined, at: number) =>
      trace.truth.openings.find((opening) => opening.room_id === room_id && opening.from <= at && at < opening.to)
        ?.server
    const missing = listAll(options).flatMap(({ at, rooms }) => {
      const listed = new Set(textOf(rooms ?? []))
      return truthAt(at).flatMap((text) => (listed.has(text) ? [] : [serverOf(text.split(' ')[0], at)]))
    })
    expect(missing.length).toBeGreaterThan(0)
    expect(new Set(missing).size).toBe(1)
  })

  it('rejects requests that go back in time', () => {
    const replay = new RoomListReplay(trace)
    replay.list(trace.startAt + 2 * minuteMs)
    expect(() => replay.list(trace.startAt + minuteMs)).toThrow('must be further apart')
  })
})
