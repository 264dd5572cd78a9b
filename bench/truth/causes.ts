import type { DeliveredCallback, Incident, InstallationTrace, Interval, SentCallback } from '@northbound/avd-simulator'
import { totalMs } from './intervals.ts'
import { presenceKey, type TruthReceiver } from './receiver.ts'
import { difference, groupIntervals } from './score.ts'

/** A part of a session that should not be there, or that is missing. */
export type SessionError = Interval & {
  readonly key: string
  readonly kind: 'ghost' | 'missing'
  readonly cause: string
}

/** ms around the bounds of an error in which a lost callback explains it. */
const lostWithinMs = 5_000
/** ms before and after an error in which an incident explains it. */
const incidentBeforeMs = 150_000
const incidentAfterMs = 60_000
const sweepIntervalMs = 60_000

/** Finds the errors in the settled sessions of a receiver, and what happened around each of them. */
export function explainErrors(
  receiver: TruthReceiver,
  trace: InstallationTrace,
  deliveries: readonly Pick<DeliveredCallback, 'parameters'>[],
): SessionError[] {
  const presences = groupIntervals(trace.truth.presences, presenceKey)
  const settled = receiver.settledSessions(trace.endAt)
  const received = new Set(deliveries.map(({ parameters }) => parameters.trace_id))
  const lost = trace.callbacks.filter(({ parameters }) => !received.has(parameters.trace_id))
  const lostByKey = Map.groupBy(lost, ({ parameters }) => `${parameters.room_id} ${parameters.user_id ?? ''}`)
  const incidents = Map.groupBy(trace.incidents, presenceKey)
  const explain = (kind: SessionError['kind'], errors: ReadonlyMap<string, readonly Interval[]>): SessionError[] =>
    [...errors].flatMap(([key, intervals]) => {
      const [room_id] = key.split(' ')
      const callbacks = [...(lostByKey.get(key) ?? []), ...(lostByKey.get(`${room_id} `) ?? [])]
      return intervals.map((interval) => ({
        ...interval,
        key,
        kind,
        cause: causeOf(interval, kind, callbacks, incidents.get(key) ?? []),
      }))
    })
  return [...explain('ghost', difference(settled, presences)), ...explain('missing', difference(presences, settled))]
}

/** The largest causes, with their shares of all errors in %. */
export function formatCauses(errors: readonly SessionError[], max: number): string {
  const total = totalMs(errors)
  const byCause = [...Map.groupBy(errors, ({ kind, cause }) => `${kind} after ${cause}`)]
  return byCause
    .map(([cause, own]) => ({ cause, ms: totalMs(own) }))
    .toSorted((a, b) => b.ms - a.ms)
    .slice(0, max)
    .map(({ cause, ms }) => `${cause} ${Math.round((100 * ms) / total)} %`)
    .join(', ')
}

function causeOf(
  { from, to }: Interval,
  kind: SessionError['kind'],
  lost: readonly SentCallback[],
  incidents: readonly Incident[],
): string {
  const isNear = (at: number, beforeMs: number, afterMs: number) => from - beforeMs <= at && at <= to + afterMs
  const incident = incidents.find(({ at }) => isNear(at, incidentBeforeMs, incidentAfterMs))
  // A session that begins exactly with a sweep was estimated.
  if (kind === 'ghost' && from % sweepIntervalMs === 0) return 'an estimated join'
  const events = ['join', 'leave', 'close', 'publish', 'sub', 'unpublish', 'unsub', 'open']
  const callback = events.find((event) =>
    lost.some(({ sentAt, parameters }) => parameters.event === event && isNear(sentAt, lostWithinMs, lostWithinMs)),
  )
  if (callback !== undefined) return `a lost ${callback}`
  if (incident !== undefined) return incident.kind.replaceAll('_', ' ')
  return to - from <= lostWithinMs ? 'a delay' : 'something else'
}
