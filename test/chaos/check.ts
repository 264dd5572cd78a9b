import { findAlertMistakes, type ReceivedAlert } from './check-alerts.ts'
import { findLogMistakes, type SentCallback } from './check-log.ts'
import { findRoomEventMistakes, type ReceivedRoomEvent } from './check-room-events.ts'
import { compareStates } from './compare-states.ts'
import { defaultSettings, type ModelSettings, modelInstallation } from './model/installation.ts'
import type { LoggedEvent } from './model/logged-event.ts'
import type { ShownState } from './model/shown-state.ts'

/** What a run was sent, and what it made of it. It must be idle: everything applied and published. */
export interface CheckedRun {
  /** Every request, repetitions included. */
  readonly callbacks: readonly SentCallback[]
  /** Every item of the event log. */
  readonly log: readonly LoggedEvent[]
  /** All pages of the query API. */
  readonly shown: ShownState
  /** What a subscriber of the room event topic has received. */
  readonly roomEvents: readonly ReceivedRoomEvent[]
  /** What a subscriber of the alert topic has received. */
  readonly alerts: readonly ReceivedAlert[]
  /**
   * The sum of the metrics `EventsApplied` and `EventsStale`. Absent if functions were killed, which loses counts, or messages were
   * delivered again, which count again.
   */
  readonly countedAsApplied?: number
}

/**
 * Checks a run against the contract, with a model that shares no code with the product (docs/reliability.md, "The checker"): every
 * acknowledged event is in the log once, nothing that was refused or forged is, the state is the model's, every event, session end
 * and alert was published, and the metrics add up.
 *
 * @returns what is wrong, one line each.
 */
export function checkRun(run: CheckedRun, settings: ModelSettings = defaultSettings): string[] {
  const expected = modelInstallation(run.log, settings)
  const effective = run.log.filter(({ quarantined }) => quarantined === undefined)
  return [
    ...findLogMistakes(run.callbacks, run.log),
    ...compareStates(run.shown, expected.shown),
    ...findRoomEventMistakes(run.roomEvents, effective, expected.shown.sessions),
    ...findAlertMistakes(run.alerts, expected.alerts, settings),
    ...findCountMistakes(run, effective),
  ]
}

/** Only callbacks are counted, and repetitions are not. */
function findCountMistakes({ countedAsApplied }: CheckedRun, effective: readonly LoggedEvent[]): string[] {
  const logged = effective.filter(({ source }) => source === 'callback').length
  if (countedAsApplied === undefined || countedAsApplied === logged) return []
  return [`${countedAsApplied} events are counted as applied instead of ${logged}`]
}
