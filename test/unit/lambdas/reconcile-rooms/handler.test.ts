import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics } from '@aws-lambda-powertools/metrics'
import type { Context } from 'aws-lambda'
import { describe, expect, it } from 'vitest'
import type { PresenceReader } from '../../../../core/ports/presence-reader.ts'
import type { Envelope } from '../../../../core/protocol/envelope.ts'
import { type NorthboundEvent, parseEvent } from '../../../../core/protocol/events.ts'
import type { ObservedRoom } from '../../../../core/reconciliation/compare.ts'
import { type AbsenceTracker, noAbsences } from '../../../../core/reconciliation/presence.ts'
import { isPresent } from '../../../../core/state/participant.ts'
import type { ReconcileRoomsDependencies } from '../../../../lambdas/reconcile-rooms/dependencies.ts'
import { createHandler } from '../../../../lambdas/reconcile-rooms/handler.ts'
import { expectedStates } from '../../../support/apply.ts'

const graceMs = 120_000

/** A world without I/O: the state is the fold of all events, corrections included. */
function world() {
  const events: NorthboundEvent[] = []
  let now = 1_000_000
  let absences: AbsenceTracker = noAbsences
  let failures = 0
  let heldUntil = 0
  let topicIsDown = false
  const alerts: number[] = []
  const happened = (params: Record<string, string>) => {
    const trace_id = `e${events.length}`
    events.push(parseEvent({ trace_id, received_at: now, source: 'callback' }, { ...params, trace_id }))
  }
  const entries = () =>
    [...expectedStates(events)].flatMap(([key, state]) => {
      const [kind, room_id, user_id] = JSON.parse(key)
      if (state.kind === 'room') {
        const session_ref = `${state.opened_at} ${state.closed_at}`
        return [{ presence: { room_id }, present: state.status === 'open', changed_at: lastAt(room_id), session_ref }]
      }
      if (kind !== 'participant' || state.kind !== 'participant') return []
      const session_ref = `${state.session?.joined_at} ${state.session?.end?.at}`
      return [
        {
          presence: { room_id, user_id },
          present: isPresent(state),
          changed_at: lastAt(room_id, user_id),
          session_ref,
        },
      ]
    })
  const lastAt = (room_id: string, user_id?: string) =>
    Math.max(
      ...events
        .filter(({ params }) => params.room_id === room_id && params.user_id === user_id)
        .map((event) => event.received_at),
    )
  const presences: PresenceReader = {
    list: async () => entries().flatMap((entry) => (entry.present ? [entry.presence] : [])),
    read: async (wanted) => {
      const keys = wanted.map(({ room_id, user_id }) => JSON.stringify([room_id, user_id]))
      return entries().filter(({ presence }) =>
        keys.includes(JSON.stringify([presence.room_id, 'user_id' in presence ? presence.user_id : undefined])),
      )
    },
  }
  const send = (envelopes: readonly Envelope[]) => {
    for (const { params, ...head } of envelopes) events.push(parseEvent(head, params))
  }
  async function sweep(
    observed: readonly ObservedRoom[] | Error,
    sendAll = async (all: readonly Envelope[]) => send(all),
  ) {
    const dependencies: ReconcileRoomsDependencies = {
      platform: async () => ({
        listOpenRooms: async () => {
          if (observed instanceof Error) throw observed
          return [...observed]
        },
      }),
      presences,
      ledger: {
        recordDisabled: async () => undefined,
        async begin(at, leaseMs) {
          if (at < heldUntil) return undefined
          heldUntil = at + leaseMs
          return {
            absences,
            failures,
            async end(report) {
              heldUntil = 0
              absences = report.absences
              failures = report.ok ? 0 : failures + 1
            },
          }
        },
      },
      queue: { sendAll },
      alerts: {
        async publish({ payload }) {
          if (topicIsDown) throw new Error('SNS is down')
          alerts.push(Number(payload.failures))
        },
      },
      timeZone: 'Asia/Shanghai',
      graceMs,
      hash: (text) => text,
      now: () => now,
      logger: new Logger({ logLevel: 'SILENT' }),
      metrics: new Metrics({ namespace: 'test' }),
    }
    const context = { getRemainingTimeInMillis: () => 55_000 } as Context
    const { outcome } = await createHandler(dependencies)({}, context)
    return outcome
  }
  return {
    events,
    alerts,
    happened,
    send,
    sweep,
    pass: (ms: number) => {
      now += ms
    },
    topic: (isUp: boolean) => {
      topicIsDown = !isUp
    },
    states: () => expectedStates(events),
  }
}

function meeting() {
  const there = world()
  there.happened({ event: 'open', room_id: 'R' })
  for (const user_id of ['a', 'b', 'c', 'd']) there.happened({ event: 'join', room_id: 'R', user_id })
  there.pass(1000)
  return there
}

describe('a sweep', () => {
  it('that dies half way through its corrections leaves the same end state as one that does not', async () => {
    const whole = meeting()
    const broken = meeting()
    for (const { sweep, pass } of [whole, broken]) {
      await sweep([])
      pass(graceMs)
    }
    await whole.sweep([])
    const died = await broken.sweep([], async (envelopes) => {
      broken.send(envelopes.slice(0, 2))
      throw new Error('the queue is gone')
    })
    expect(died).toBe('failed')
    for (let again = 0; again < 2; again++) {
      broken.pass(graceMs)
      await broken.sweep([])
    }
    const data = ({ states }: typeof whole) =>
      [...states().values()].map((state) =>
        state.kind === 'room'
          ? [state.status, state.close_reason]
          : state.kind === 'participant'
            ? state.session?.end?.reason
            : null,
      )
    expect(data(broken)).toEqual(data(whole))
    expect(data(whole)).toEqual([['closed', 'reconciled'], 'reconciled', 'reconciled', 'reconciled', 'reconciled'])
  })

  it('repeated before its corrections are applied sends the same ones, which count once', async () => {
    const there = meeting()
    const sent: string[] = []
    const note = async (envelopes: readonly Envelope[]) =>
      void sent.push(...envelopes.map((envelope) => JSON.stringify(envelope)))
    await there.sweep([])
    there.pass(graceMs)
    await there.sweep([], note)
    there.pass(60_000)
    await there.sweep([], note)
    expect(sent).toHaveLength(10)
    expect(new Set(sent).size).toBe(5)
  })

  it('that fails three times in a row tells people once, and again only after it has worked', async () => {
    const there = meeting()
    const failing = new Error('no answer')
    for (let sweeps = 0; sweeps < 5; sweeps++) expect(await there.sweep(failing)).toBe('failed')
    expect(there.alerts).toEqual([3])
    await there.sweep([])
    for (let sweeps = 0; sweeps < 3; sweeps++) await there.sweep(failing)
    expect(there.alerts).toEqual([3, 3])
    expect(there.events.filter((event) => event.source === 'reconcile')).toEqual([])
  })

  it('that people could not be told of is told by the next one that fails', async () => {
    const there = meeting()
    const failing = new Error('no answer')
    there.topic(false)
    for (let sweeps = 0; sweeps < 2; sweeps++) await there.sweep(failing)
    await expect(there.sweep(failing)).rejects.toThrow('SNS is down')
    there.topic(true)
    there.pass(60_000)
    expect(await there.sweep(failing)).toBe('failed')
    expect(there.alerts).toEqual([3])
    expect(await there.sweep(failing)).toBe('failed')
    expect(there.alerts).toEqual([3])
  })
})
