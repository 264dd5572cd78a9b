import type { Logger } from '@aws-lambda-powertools/logger'
import type { Metrics } from '@aws-lambda-powertools/metrics'
import type { CallbackClock } from '../../core/ports/callback-counter.ts'
import type { CorrectionQueue } from '../../core/ports/event-queue.ts'
import type { OpenWarnings } from '../../core/ports/open-warnings.ts'
import type { Platform } from '../../core/ports/platform.ts'
import type { PresenceReader } from '../../core/ports/presence-reader.ts'
import type { SweepAlertStore } from '../../core/ports/sweep-alert-store.ts'
import type { SweepLedger } from '../../core/ports/sweep-ledger.ts'
import type { AlertTopic } from '../../core/ports/topics.ts'
import type { WarningSlots } from '../../core/ports/warning-slots.ts'
import type { AlertRules } from '../../core/state/port-alerts.ts'

export type ReconcileRoomsDependencies = {
  /** Resolves to undefined if no platform is configured. Rejects, without secrets, if its settings cannot be used. */
  readonly platform: () => Promise<Platform | undefined>
  readonly presences: PresenceReader
  readonly ledger: SweepLedger
  readonly warningSlots: WarningSlots
  readonly openWarnings: OpenWarnings
  readonly rules: AlertRules
  readonly queue: CorrectionQueue
  readonly alerts: AlertTopic
  readonly sweepAlerts: SweepAlertStore
  readonly callbacks: CallbackClock
  /** IANA time zone of the times in alerts. */
  readonly timeZone: string
  readonly graceMs: number
  /** Derives the `trace_id` of a correction. */
  readonly hash: (text: string) => string
  /** ms since 1970 */
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<unknown>
  readonly logger: Logger
  readonly metrics: Metrics
}
