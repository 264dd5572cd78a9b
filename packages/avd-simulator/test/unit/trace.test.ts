import { describe, expect, it } from 'vitest'
import { generateTrace, type InstallationTrace, type Interval, type TraceOptions } from '../../src/index.ts'

const small = { meetingsPerDay: 15, sessionsPerDay: 10 }
const withoutIncidents = {
  secondDeviceShare: 0,
  reconnectShare: 0,
  reloadShare: 0,
  killedShare: 0,
  serverKickShare: 0,
} satisfies Partial<TraceOptions>

const keyOf = ({ room_id, user_id }: { room_id?: string; user_id?: string }) => `${room_id} ${user_id}`

/** The presences that a receiver would conclude if nothing unusual happened. */
function readPresences({ callbacks, endAt }: InstallationTrace): string[] {
  const joinedAt = new Map<string, number>()
  const presences: string[] = []
  const end = (key: string, at: number) => {
    const from = joinedAt.get(key)
    joinedAt.delete(key)
    if (from !== undefined) presences.push(`${key} ${from} ${at}`)
  }
  for (const { sentAt, parameters } of callbacks) {
    if (parameters.event === 'join') joinedAt.set(keyOf(parameters), sentAt)
    if (parameters.event === 'leave') end(keyOf(parameters), sentAt)
    if (parameters.event === 'close')
      for (const key of [...joinedAt.keys()]) if (key.startsWith(`${parameters.room_id} `)) end(key, sentAt)
  }
  for (const key of [...joinedAt.keys()]) end(key, endAt)
  return presences.sort()
}

const isCovered = (inner: Interval, outer: readonly Interval[]) =>
  outer.some(({ from, to }) => from <= inner.from && inner.to <= to)

describe('generateTrace', () => {
  it('returns the same trace for the same options, and another one for another seed', () => {
    expect(generateTrace(small)).toEqual(generateTrace(small))
    expect(generateTrace({ ...small, seed: 2 }).callbacks).not.toEqual(generateTrace(small).callbacks)
  })

  it('sends callbacks that add up to the truth if nothing unusual happens', () => {
    const trace = generateTrace({ ...small, ...withoutIncidents })
    expect(trace.incidents).toEqual([])
    expect(trace.truth.presences.length).toBeGreaterThan(100)
    expect(readPresences(trace)).toEqual(
      trace.truth.presences.map((presence) => `${keyOf(presence)} ${presence.from} ${presence.to}`).sort(),
    )
  })

  it('has every presence within an opening of the room, and all media within a presence', () => {
    const { truth } = generateTrace({ ...small, crashesPerDay: 3 })
    const openings = Map.groupBy(truth.openings, ({ room_id }) => room_id)
    const presences = Map.groupBy(truth.presences, keyOf)
    for (const presence of truth.presences) expect(isCovered(presence, openings.get(presence.room_id) ?? [])).toBe(true)
    for (const medium of truth.media) expect(isCovered(medium, presences.get(keyOf(medium)) ?? [])).toBe(true)
  })

  it('gives each callback its own trace_id, in the order of sending', () => {
    const { callbacks } = generateTrace(small)
    expect(new Set(callbacks.map(({ parameters }) => parameters.trace_id)).size).toBe(callbacks.length)
    expect(callbacks).toEqual(callbacks.toSorted((a, b) => a.sentAt - b.sentAt))
  })
})

describe('the incidents of a trace', () => {
  const leavesOf = (trace: InstallationTrace, type: string) =>
    trace.callbacks.filter(({ parameters }) => parameters.event === 'leave' && parameters.event_type === type)

  it('are kicks of the older device within three seconds before or after the join of the second', () => {
    const trace = generateTrace({ ...small, ...withoutIncidents, secondDeviceShare: 1 })
    const joins = trace.callbacks.filter(({ parameters }) => parameters.event === 'join')
    const gaps = leavesOf(trace, 'clientKick').map(({ sentAt, parameters }) => {
      const own = joins
        .filter((join) => keyOf(join.parameters) === keyOf(parameters))
        .map((join) => join.sentAt - sentAt)
      return own.toSorted((a, b) => Math.abs(a) - Math.abs(b))[0] ?? Number.POSITIVE_INFINITY
    })
    expect(gaps.filter((gap) => gap > 0).length).toBeGreaterThan(20)
    expect(gaps.filter((gap) => gap < 0).length).toBeGreaterThan(20)
    expect(Math.max(...gaps.map(Math.abs))).toBeLessThanOrEqual(3_000)
  })

  it('do not interrupt the presence of a user who changes the device or reconnects', () => {
    const shares = { secondDeviceShare: 0.5, reconnectShare: 0.5, deadAfterReconnectShare: 0 }
    const busy = generateTrace({ ...small, ...withoutIncidents, ...shares })
    expect(leavesOf(busy, 'offline').length).toBeGreaterThan(20)
    // A presence ends by a normal leave, a close of the room or the end of the trace, never by a kick or a timeout.
    const ends = new Set([
      ...leavesOf(busy, 'normal').map(({ sentAt }) => sentAt),
      ...busy.truth.openings.map(({ to }) => to),
    ])
    expect(busy.truth.presences.filter(({ to }) => !ends.has(to))).toEqual([])
  })

  it('are timeouts 15 to 60 seconds after the client was killed', () => {
    const trace = generateTrace({ ...small, ...withoutIncidents, killedShare: 1 })
    const killedAt = Map.groupBy(trace.incidents, keyOf)
    const timeouts = leavesOf(trace, 'offline')
    expect(timeouts.length).toBeGreaterThan(50)
    for (const { sentAt, parameters } of timeouts) {
      const ages = (killedAt.get(keyOf(parameters)) ?? []).map(({ at }) => sentAt - at)
      expect(ages.some((age) => age >= 15_000 && age <= 60_000)).toBe(true)
    }
  })

  it('are crashes, after which about seven of ten users come back and the others send nothing', () => {
    const trace = generateTrace({ ...withoutIncidents, crashesPerDay: 8 })
    const byPerson = Map.groupBy(trace.callbacks, ({ parameters }) => keyOf(parameters))
    const returned = trace.incidents.filter(({ kind }) => kind === 'crash_returned')
    const gone = trace.incidents.filter(({ kind }) => kind === 'crash_gone')
    expect(gone.length).toBeGreaterThan(20)
    expect(returned.length / (returned.length + gone.length)).toBeCloseTo(0.7, 1)
    for (const { at, room_id, user_id } of gone) {
      const next = byPerson.get(`${room_id} ${user_id}`)?.find(({ sentAt }) => sentAt >= at)
      expect(next?.parameters.event ?? 'join').toBe('join')
    }
    const openedAt = trace.callbacks.filter(({ parameters }) => parameters.event === 'open')
    const closes = trace.callbacks.filter(({ parameters }) => parameters.event === 'close')
    expect(openedAt.length).toBeGreaterThan(closes.length)
  })
})
