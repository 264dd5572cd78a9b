import type { z } from 'zod'
import type { Period } from '../../core/ports/period.ts'
import { isoTime } from '../../core/presentation/iso-time.ts'
import { documentedEvents, otherEvents, senderOf } from '../../core/protocol/event-senders.ts'
import { periodStartOf } from '../../core/usage/summarize-usage.ts'
import { rejectionOutcomes } from '../../names/outcomes.ts'
import { HttpError } from '../http-error.ts'
import type { QueryApiDependencies } from './dependencies.ts'
import type { RouteResult } from './http-response.ts'
import { toPeriod } from './period.ts'
import type { callbacksQuery } from './request-schemas.ts'
import type { RouteRequest } from './route.ts'

const minuteMs = 60_000
/** The counts of an interval of this length are read with up to 16 requests, and at the same time those of refused callbacks with up to 6. */
const maxDays = 31

/**
 * Responds with the genuine callbacks that were applied in whole minutes of the interval, by kind, and with the refused ones, by
 * outcome; today's by default.
 */
export async function respondWithCallbacks(
  { callbackCounts, refusalCounts, timeZone, now }: QueryApiDependencies,
  { query, signal }: RouteRequest<z.output<typeof callbacksQuery>>,
): Promise<RouteResult> {
  const to = query.to ?? now()
  const sent = toPeriod({ from: query.from ?? periodStartOf(to - 1, 'day', timeZone), to })
  if (sent.to - sent.from > maxDays * 86_400_000)
    throw new HttpError(400, `parameter "from" must be at most ${maxDays} days before "to"`)
  const period = toWholeMinutes(sent)
  const [counts, refused] = await Promise.all([
    callbackCounts.countByKind(period, signal),
    refusalCounts.countRefusals(period, signal),
  ])
  const kinds = [...documentedEvents, otherEvents].map((event) => {
    return { event, sent_by: senderOf(event), callbacks: counts[event] ?? 0 }
  })
  return {
    json: {
      from: isoTime(period.from),
      to: isoTime(period.to),
      callbacks: kinds.reduce((sum, { callbacks }) => sum + callbacks, 0),
      kinds,
      refused: rejectionOutcomes.map((outcome) => ({ outcome, callbacks: refused[outcome] ?? 0 })),
    },
  }
}

/** The minutes in which the interval begins and ends are included. */
function toWholeMinutes({ from, to }: Period): Period {
  return { from: Math.floor(from / minuteMs) * minuteMs, to: Math.ceil(to / minuteMs) * minuteMs }
}
