import { describeMany } from './describe-many.ts'
import type { LoggedEvent } from './model/logged-event.ts'

/** A request to the callback URL. */
export interface SentCallback {
  /** With `event` and `trace_id`; `check_code` and `token` are not compared. */
  readonly params: Readonly<Record<string, string>>
  /** Whether its signature holds. */
  readonly isGenuine: boolean
  /** Status of the response; `none` if there was none. */
  readonly status: number | 'none'
}

/**
 * Checks that the log has every acknowledged event once, as it was sent, and no other callback than those that were acknowledged, or
 * whose response says nothing: none, or one with 5xx, because the queue may have accepted the event.
 */
export function findLogMistakes(callbacks: readonly SentCallback[], log: readonly LoggedEvent[]): string[] {
  const genuine = callbacks.filter(({ isGenuine }) => isGenuine)
  const acknowledged = genuine.filter(({ status }) => status === 200)
  const uncertain = genuine.filter(({ status }) => status === 'none' || status >= 500)
  const permitted = new Map([...uncertain, ...acknowledged].map((callback) => [traceIdOf(callback), callback]))
  const logged = Map.groupBy(log, subjectKey)
  const loggedIds = new Set(log.map(({ trace_id }) => trace_id))
  const fromCallbacks = log.filter(({ source }) => source === 'callback')
  const missing = acknowledged.map(traceIdOf).filter((traceId) => !loggedIds.has(traceId))
  return [
    ...describeMany('acknowledged events are not in the log', [...new Set(missing)]),
    ...describeMany('events are in the log more than once', repeatedIds(logged)),
    ...describeMany(
      'events are in the log although they were refused, forged or never sent',
      fromCallbacks.map(({ trace_id }) => trace_id).filter((traceId) => !permitted.has(traceId)),
    ),
    ...describeMany(
      'events are not in the log as they were sent',
      fromCallbacks.filter((event) => isOther(event, permitted.get(event.trace_id))).map(({ trace_id }) => trace_id),
    ),
    ...describeMany(
      'events are in the quarantine',
      log.filter(({ quarantined }) => quarantined !== undefined).map(({ trace_id }) => trace_id),
    ),
  ]
}

function traceIdOf({ params }: SentCallback): string {
  return params.trace_id ?? ''
}

/** A `trace_id` counts once within its subject (docs/contract.md, section 4). */
function subjectKey({ trace_id, params: { room_id, user_id, exporter_id, box_code } }: LoggedEvent): string {
  return JSON.stringify([trace_id, room_id, user_id, exporter_id, box_code])
}

function repeatedIds(logged: ReadonlyMap<string, readonly LoggedEvent[]>): string[] {
  return [...logged.values()].flatMap(([first, ...others]) => (others.length > 0 && first ? [first.trace_id] : []))
}

const secretNames = ['check_code', 'token']

function isOther(event: LoggedEvent, callback: SentCallback | undefined): boolean {
  return callback !== undefined && canonical(event.params) !== canonical(callback.params)
}

function canonical(params: Readonly<Record<string, string>>): string {
  const entries = Object.entries(params).filter(([name, value]) => !secretNames.includes(name) && value !== '')
  return JSON.stringify(entries.sort(([one], [other]) => (one < other ? -1 : 1)))
}
