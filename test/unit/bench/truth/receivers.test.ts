import { deliverCallbacks, generateTrace, type Interval, type TraceOptions } from '@northbound/avd-simulator'
import { describe, expect, it } from 'vitest'
import { NaiveReceiver } from '../../../../bench/truth/naive-receiver.ts'
import { NorthboundReceiver } from '../../../../bench/truth/northbound-receiver.ts'
import { parseDeliveries, play } from '../../../../bench/truth/play.ts'
import { presenceKey, type TruthReceiver } from '../../../../bench/truth/receiver.ts'
import { groupIntervals, score } from '../../../../bench/truth/score.ts'
import { SweepRules } from '../../../../bench/truth/sweep-rules.ts'
import type { Presence } from '../../../../core/reconciliation/presence.ts'
import { fold } from '../../../../core/state/fold.ts'
import { isPresent } from '../../../../core/state/participant.ts'

const size = { meetingsPerDay: 12, sessionsPerDay: 8 }
const noIncidents = { secondDeviceShare: 0, reconnectShare: 0, reloadShare: 0, killedShare: 0 }
/** Situations that callbacks tell apart. A client that is killed right after it reconnected is not one of them. */
const decidable: readonly (readonly [string, Partial<TraceOptions>])[] = [
  ['second devices', { ...size, ...noIncidents, secondDeviceShare: 0.3 }],
  [
    'reconnections',
    { ...size, ...noIncidents, reconnectShare: 0.3, repeatedReconnectShare: 0.3, deadAfterReconnectShare: 0 },
  ],
  ['killed clients', { ...size, ...noIncidents, killedShare: 0.5 }],
]
const typical: Partial<TraceOptions> = {
  ...size,
  secondDeviceShare: 0.1,
  killedShare: 0,
  reloadShare: 0,
  deadAfterReconnectShare: 0,
}

function measure(receiver: TruthReceiver, trace: ReturnType<typeof generateTrace>, maxStalenessMs: number) {
  play(receiver, trace, parseDeliveries(deliverCallbacks(trace)), { maxStalenessMs })
  return score(receiver, trace.truth, trace.endAt)
}

const sorted = (sessions: ReadonlyMap<string, readonly Interval[]>) =>
  [...sessions]
    .map(([key, intervals]) => [
      key,
      intervals
        .map(({ from, to }) => `${from} ${to}`)
        .sort()
        .join(),
    ])
    .sort()

describe('the fold of all callbacks of an installation', () => {
  it.each(decidable)('equals the truth with %s if every callback arrives in order', (_situation, options) => {
    const trace = generateTrace(options)
    const receiver = new NorthboundReceiver()
    for (const event of parseDeliveries(deliverCallbacks(trace))) receiver.receive(event, event.received_at)
    expect(trace.incidents.length).toBeGreaterThan(20)
    expect(sorted(receiver.settledSessions(trace.endAt))).toEqual(
      sorted(groupIntervals(trace.truth.presences, presenceKey)),
    )
  })

  it('does not change if sweeps read a list that is never stale', () => {
    const trace = generateTrace(typical)
    const { ghost, missing, falseSessions } = measure(new NorthboundReceiver(), trace, 0)
    expect({ ghost, missing, falseSessions }).toEqual({ ghost: 0, missing: 0, falseSessions: 0 })
  })

  it('is what the receiver shows at any time', () => {
    const trace = generateTrace({ meetingsPerDay: 40, sessionsPerDay: 15, crashesPerDay: 3 })
    const channel = { meanDelayMs: 500, lateShare: 0.1, lostShare: 0.05, duplicateShare: 0.1 }
    const noon = trace.startAt + 13 * 3_600_000
    const all = parseDeliveries(deliverCallbacks(trace, channel))
    const rules = new SweepRules()
    const receiver = new NorthboundReceiver(rules)
    const received: typeof all = []
    const receive = receiver.receive.bind(receiver)
    receiver.receive = (event, now) => {
      received.push(event)
      receive(event, now)
    }
    play(
      receiver,
      { ...trace, endAt: noon },
      all.filter(({ received_at }) => received_at < noon),
      {},
    )
    expect(received.filter(({ source }) => source === 'reconcile').length).toBeGreaterThan(5)
    // Compared with an empty list, everything that is present is missing.
    let present: readonly Presence[] = []
    rules.decide = ({ differences }) => {
      present = differences.missing
      return []
    }
    receiver.sweep([], noon)
    const expected = [...fold(received, { alertWindowMs: 0, timeZone: 'UTC' })].flatMap(([key, state]) => {
      const [, room_id, user_id] = JSON.parse(key)
      if (state.kind === 'room') return state.status === 'open' ? [`${room_id}`] : []
      return state.kind === 'participant' && isPresent(state) ? [`${room_id} ${user_id}`] : []
    })
    expect(expected.length).toBeGreaterThan(10)
    expect(
      present.map(({ room_id, user_id }) => (user_id === undefined ? room_id : `${room_id} ${user_id}`)).sort(),
    ).toEqual(expected.sort())
    const shown = [...receiver.live.presences.finish(noon)].filter(([, intervals]) => intervals.at(-1)?.to === noon)
    expect(shown.map(([key]) => key).sort()).toEqual(expected.filter((key) => key.includes(' ')))
  })
})

describe('sweeps with a stale list', () => {
  const trace = generateTrace(typical)

  it('cause no false sessions', () => {
    const { ghost, missing, falseSessions } = measure(new NorthboundReceiver(), trace, 10_000)
    expect({ ghost, missing, falseSessions }).toEqual({ ghost: 0, missing: 0, falseSessions: 0 })
  })
})

describe('a receiver in which the last callback wins', () => {
  const trace = generateTrace(typical)

  it('misses people whose older connection ended after the newer one began', () => {
    const { ghost, missing } = measure(new NaiveReceiver({ sweeps: false }), trace, 10_000)
    expect(ghost).toBe(0)
    expect(missing).toBeGreaterThan(1)
  })

  it('is wrong in both directions, but less so, if a sweep makes its state equal to the list', () => {
    const naive = measure(new NaiveReceiver({ sweeps: false }), trace, 10_000)
    const { ghost, missing } = measure(new NaiveReceiver({ sweeps: true }), trace, 10_000)
    expect(ghost).toBeGreaterThan(0)
    expect(missing).toBeGreaterThan(0)
    expect(missing).toBeLessThan(naive.missing)
  })
})
