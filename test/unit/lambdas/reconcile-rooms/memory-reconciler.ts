import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics } from '@aws-lambda-powertools/metrics'
import type { Context } from 'aws-lambda'
import type { Alert } from '../../../../core/notifications/alert.ts'
import { noSweepAlerts } from '../../../../core/notifications/sweep-alerts.ts'
import type { CorrectionQueue } from '../../../../core/ports/event-queue.ts'
import type { OpenWarning } from '../../../../core/ports/open-warnings.ts'
import type { Platform } from '../../../../core/ports/platform.ts'
import type { PresenceReader } from '../../../../core/ports/presence-reader.ts'
import type { SweepAlertStore } from '../../../../core/ports/sweep-alert-store.ts'
import type { SweepLedger } from '../../../../core/ports/sweep-ledger.ts'
import type { WarningSlots } from '../../../../core/ports/warning-slots.ts'
import type { Envelope } from '../../../../core/protocol/envelope.ts'
import { type NorthboundEvent, parseEvent } from '../../../../core/protocol/events.ts'
import type { ObservedRoom } from '../../../../core/reconciliation/compare.ts'
import { noFindings } from '../../../../core/reconciliation/findings.ts'
import {
  type Presence,
  presenceKey,
  type StoredPresence,
  toStoredPresence,
} from '../../../../core/reconciliation/presence.ts'
import { streamOf } from '../../../../core/state/aggregate.ts'
import type { State } from '../../../../core/state/fold.ts'
import { createHandler } from '../../../../lambdas/reconcile-rooms/handler.ts'
import type { SweepOutcome } from '../../../../lambdas/reconcile-rooms/sweep.ts'
import { applyUntilDone, memoryDependencies, readStoredSessions, readStoredStates } from '../../../support/apply.ts'

export const graceMs = 120_000
export const alertWindowMs = 600_000

const context = { getRemainingTimeInMillis: () => 55_000 } as Context

/** The reconciler without I/O. Events, including the corrections, are applied to stores in memory. */
export class MemoryReconciler {
  /** All events that were received, or that a sweep has sent. */
  readonly events: NorthboundEvent[] = []
  /** Everything that was published. */
  readonly alerts: Alert[] = []
  isTopicDown = false
  /** Whether events stay in the queue. */
  isQueueStopped = false
  /** Warnings that have alerted. */
  openWarnings: readonly OpenWarning[] = []
  listOpenWarnings = async (_signal?: AbortSignal): Promise<readonly OpenWarning[]> => this.openWarnings
  sleep = async (ms: number): Promise<void> => this.advanceTime(ms)
  readonly metrics = new Metrics({ namespace: 'test' })
  readonly logger = new Logger({ logLevel: 'SILENT' })
  /** Rejects if the platform's settings cannot be used. */
  readSettings: () => Promise<unknown> = async () => undefined
  isConfigured = true
  readonly #applier = memoryDependencies()
  readonly #ledger = memoryLedger()
  readonly #sweepAlerts = memorySweepAlerts()
  readonly #warningSlots = memoryWarningSlots()
  #queue: NorthboundEvent[] = []
  #now = 1_000_000

  get now(): number {
    return this.#now
  }

  get corrections(): NorthboundEvent[] {
    return this.events.filter(({ source }) => source === 'reconcile')
  }

  receive(params: Record<string, string>): void {
    const trace_id = `e${this.events.length}`
    this.#enqueue(parseEvent({ trace_id, received_at: this.#now, source: 'callback' }, { ...params, trace_id }))
  }

  /** Receives corrections, as the event queue does. */
  sendCorrections(envelopes: readonly Envelope[]): void {
    for (const { params, ...metadata } of envelopes) this.#enqueue(parseEvent(metadata, params))
  }

  advanceTime(ms: number): void {
    this.#now += ms
  }

  /** Applies what is in the queue. */
  async settle(): Promise<void> {
    if (this.isQueueStopped) return
    await applyUntilDone(this.#applier, this.#queue)
    this.#queue = []
  }

  states(): Promise<Map<string, State>> {
    return readStoredStates(this.#applier.store, this.events)
  }

  /** The open rooms, and the participants present in them: `R`, `R U`. */
  async present(): Promise<string[]> {
    const stored = await this.#read(this.#knownPresences())
    return stored
      .filter(({ present }) => present)
      .map(({ presence: { room_id, user_id } }) => [room_id, user_id].join(' ').trim())
      .sort()
  }

  pastSessions() {
    return readStoredSessions(this.#applier.store, this.events)
  }

  /** Runs one sweep. @param observed the platform's list, or the error that reading it causes. */
  async sweep(
    observed: readonly ObservedRoom[] | Error,
    sendAll: CorrectionQueue['sendAll'] = async (envelopes) => this.sendCorrections(envelopes),
    event: unknown = {},
  ): Promise<SweepOutcome> {
    await this.settle()
    const handler = createHandler({
      platform: async () => {
        await this.readSettings()
        return this.isConfigured ? this.#platform(observed) : undefined
      },
      presences: this.#presences(),
      ledger: this.#ledger,
      queue: { sendAll, countVisible: async () => this.#queue.length },
      alerts: {
        publish: async (alert) => {
          if (this.isTopicDown) throw new Error('SNS is down')
          this.alerts.push(alert)
        },
      },
      sweepAlerts: this.#sweepAlerts,
      warningSlots: this.#warningSlots,
      openWarnings: {
        list: async (signal) => this.listOpenWarnings(signal),
        remove: async (warning) => {
          this.openWarnings = this.openWarnings.filter((other) => other !== warning)
        },
      },
      rules: { alertWindowMs },
      callbacks: { readLastCallback: async () => this.#lastCallbackAt() },
      timeZone: 'Asia/Shanghai',
      graceMs,
      hash: (text) => text,
      now: () => this.#now,
      sleep: (ms) => this.sleep(ms),
      logger: this.logger,
      metrics: this.metrics,
    })
    const { outcome } = await handler(event, context)
    await this.settle()
    return outcome
  }

  #enqueue(event: NorthboundEvent): void {
    this.events.push(event)
    this.#queue.push(event)
  }

  #platform(observed: readonly ObservedRoom[] | Error): Platform {
    return {
      listOpenRooms: async () => {
        if (observed instanceof Error) throw observed
        return [...observed]
      },
    }
  }

  /** The kinds of the published alerts; of an all-clear, the kind of its alert. */
  alertKinds(): string[] {
    return this.alerts.map(({ payload: { kind, alert } }) => (alert === undefined ? kind : `${kind} ${alert}`))
  }

  #lastCallbackAt(): number | undefined {
    const applied = this.events.filter((event) => event.source === 'callback' && !this.#queue.includes(event))
    const times = applied.map(receivedAt)
    return times.length === 0 ? undefined : Math.max(...times)
  }

  #presences(): PresenceReader {
    return {
      list: async () => {
        const states = await this.states()
        const stored = (await this.#read(this.#knownPresences())).filter(({ present }) => present)
        return stored.map(({ presence }) => {
          if (presence.user_id !== undefined) return presence
          const state = states.get(streamOf({ kind: 'room', room_id: presence.room_id }))
          return state?.kind === 'room' ? { ...presence, name: state.name } : presence
        })
      },
      read: (presences) => this.#read(presences),
      readLastEvents: async (roomIds) => {
        const isApplied = (event: NorthboundEvent) => !this.#queue.includes(event)
        const lastOf = (roomId: string) =>
          this.events.filter((event) => event.params.room_id === roomId && isApplied(event)).map(receivedAt)
        return new Map(roomIds.map((roomId) => [roomId, Math.max(0, ...lastOf(roomId))]))
      },
    }
  }

  #knownPresences(): Presence[] {
    const presences = this.events.flatMap(({ params: { room_id = '', user_id } }): Presence[] => [
      { room_id },
      ...(user_id === undefined ? [] : [{ room_id, user_id }]),
    ])
    return [...new Map(presences.map((presence) => [presenceKey(presence), presence])).values()]
  }

  async #read(presences: readonly Presence[]): Promise<StoredPresence[]> {
    const projections = await this.#applier.store.read(
      presences.map(({ room_id, user_id }) =>
        user_id === undefined ? { kind: 'room', room_id } : { kind: 'participant', room_id, user_id },
      ),
    )
    return presences.flatMap((presence, index) => {
      const projection = projections[index]
      return (projection && toStoredPresence(presence, projection)) ?? []
    })
  }
}

const receivedAt = (event: NorthboundEvent) => event.received_at

function memoryWarningSlots(): WarningSlots {
  let last = Number.NEGATIVE_INFINITY
  return {
    async take(now, minIntervalMs) {
      if (last > now) return undefined
      last = Math.max(now, last + minIntervalMs)
      return last
    },
  }
}

function memorySweepAlerts(): SweepAlertStore {
  let stored = noSweepAlerts
  return {
    read: async () => stored,
    write: async (state) => {
      stored = state
    },
  }
}

function memoryLedger(): SweepLedger {
  let findings = noFindings
  let failures = 0
  let leasedUntil = 0
  return {
    recordDisabled: async () => undefined,
    begin: async (now, leaseMs) => {
      if (now < leasedUntil) return undefined
      leasedUntil = now + leaseMs
      return {
        findings,
        isContinued: failures === 0,
        failures,
        end: async (report) => {
          leasedUntil = 0
          if (report.ok) findings = report.findings
          failures = report.ok ? 0 : failures + 1
        },
      }
    },
  }
}
