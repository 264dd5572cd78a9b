import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics } from '@aws-lambda-powertools/metrics'
import type { Context } from 'aws-lambda'
import type { CorrectionQueue } from '../../../../core/ports/event-queue.ts'
import type { PresenceReader } from '../../../../core/ports/presence-reader.ts'
import type { SweepLedger } from '../../../../core/ports/sweep-ledger.ts'
import type { Envelope } from '../../../../core/protocol/envelope.ts'
import { type NorthboundEvent, parseEvent } from '../../../../core/protocol/events.ts'
import type { ObservedRoom } from '../../../../core/reconciliation/compare.ts'
import { type AbsenceTracker, noAbsences, type StoredPresence } from '../../../../core/reconciliation/presence.ts'
import type { State } from '../../../../core/state/fold.ts'
import { isPresent } from '../../../../core/state/participant.ts'
import { createHandler } from '../../../../lambdas/reconcile-rooms/handler.ts'
import type { SweepOutcome } from '../../../../lambdas/reconcile-rooms/sweep.ts'
import { expectedStates } from '../../../support/apply.ts'

export const graceMs = 120_000

const context = { getRemainingTimeInMillis: () => 55_000 } as Context

/** The reconciler without I/O. The stored state is the fold of all events, including the corrections. */
export class MemoryReconciler {
  readonly events: NorthboundEvent[] = []
  /** The number of failures that each published alert states. */
  readonly alertedFailures: number[] = []
  isTopicDown = false
  readonly #ledger = memoryLedger()
  #now = 1_000_000

  receive(params: Record<string, string>): void {
    const trace_id = `e${this.events.length}`
    this.events.push(parseEvent({ trace_id, received_at: this.#now, source: 'callback' }, { ...params, trace_id }))
  }

  /** Applies corrections, as the event queue would deliver them. */
  applyCorrections(envelopes: readonly Envelope[]): void {
    for (const { params, ...metadata } of envelopes) this.events.push(parseEvent(metadata, params))
  }

  advanceTime(ms: number): void {
    this.#now += ms
  }

  states(): Map<string, State> {
    return expectedStates(this.events)
  }

  /** Runs one sweep. @param observed the platform's list, or the error that reading it causes. */
  async sweep(
    observed: readonly ObservedRoom[] | Error,
    sendAll: CorrectionQueue['sendAll'] = async (envelopes) => this.applyCorrections(envelopes),
    event: unknown = {},
  ): Promise<SweepOutcome> {
    const handler = createHandler({
      platform: async () => ({
        listOpenRooms: async () => {
          if (observed instanceof Error) throw observed
          return [...observed]
        },
      }),
      presences: this.#presences(),
      ledger: this.#ledger,
      queue: { sendAll },
      alerts: {
        publish: async ({ payload }) => {
          if (this.isTopicDown) throw new Error('SNS is down')
          this.alertedFailures.push(Number(payload.failures))
        },
      },
      timeZone: 'Asia/Shanghai',
      graceMs,
      hash: (text) => text,
      now: () => this.#now,
      logger: new Logger({ logLevel: 'SILENT' }),
      metrics: new Metrics({ namespace: 'test' }),
    })
    const { outcome } = await handler(event, context)
    return outcome
  }

  #presences(): PresenceReader {
    return {
      list: async () => this.#storedPresences().flatMap((entry) => (entry.present ? [entry.presence] : [])),
      read: async (wanted) => {
        const keys = wanted.map(({ room_id, user_id }) => JSON.stringify([room_id, user_id]))
        return this.#storedPresences().filter(({ presence: { room_id, user_id } }) =>
          keys.includes(JSON.stringify([room_id, user_id])),
        )
      },
    }
  }

  #storedPresences(): StoredPresence[] {
    return [...this.states()].flatMap(([stream, state]): StoredPresence[] => {
      const [, room_id, user_id] = JSON.parse(stream)
      if (state.kind === 'room') {
        const session_ref = `${state.opened_at} ${state.closed_at}`
        return [
          {
            presence: { room_id },
            present: state.status === 'open',
            changed_at: this.#changedAt(room_id),
            session_ref,
          },
        ]
      }
      if (state.kind !== 'participant') return []
      const session_ref = `${state.session?.joined_at} ${state.session?.end?.at}`
      const changed_at = this.#changedAt(room_id, user_id)
      return [{ presence: { room_id, user_id }, present: isPresent(state), changed_at, session_ref }]
    })
  }

  #changedAt(roomId: string, userId?: string): number {
    const own = this.events.filter(({ params }) => params.room_id === roomId && params.user_id === userId)
    return Math.max(...own.map((event) => event.received_at))
  }
}

function memoryLedger(): SweepLedger {
  let absences: AbsenceTracker = noAbsences
  let failures = 0
  let leasedUntil = 0
  let lastSweepAt = Number.NEGATIVE_INFINITY
  return {
    recordDisabled: async () => undefined,
    begin: async (now, leaseMs, _signal, minIntervalMs = 0) => {
      if (now < leasedUntil || now - lastSweepAt < minIntervalMs) return undefined
      leasedUntil = now + leaseMs
      return {
        absences,
        failures,
        end: async (report) => {
          leasedUntil = 0
          lastSweepAt = report.at
          absences = report.absences
          failures = report.ok ? 0 : failures + 1
        },
      }
    },
  }
}
