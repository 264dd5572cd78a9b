import type { CallbackCounts } from '../../core/ports/callback-counter.ts'
import { otherEvents } from '../../core/protocol/event-senders.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { isGenuineCallback } from '../../core/protocol/genuine-callback.ts'
import { asError } from '../as-error.ts'
import type { ApplyEventsDependencies } from './dependencies.ts'
import { countedOutcome, isDone, type MessageResult } from './report.ts'

/**
 * Counts the genuine callbacks that were applied. Those that are still to be published count when their messages are done, but the
 * time of the last callback includes them. A failure is only logged: a retry would apply nothing new.
 */
export async function countCallbacks(
  { counter, now, logger }: ApplyEventsDependencies,
  results: ReadonlyMap<string, MessageResult>,
): Promise<void> {
  const applied = [...results.values()].flatMap((result) => {
    const { event } = result
    const outcome = countedOutcome(result)
    const isApplied = outcome === 'applied' || outcome === 'stale'
    return event !== undefined && isGenuineCallback(event) && isApplied ? [{ event, isDone: isDone(result) }] : []
  })
  if (applied.length === 0) return
  const done = applied.filter((callback) => callback.isDone)
  const callbacks = {
    count: done.length,
    kinds: countKinds(done.map(({ event }) => event)),
    lastReceivedAt: Math.max(...applied.map(({ event }) => event.received_at)),
  }
  await counter.add(callbacks, now()).catch((error: unknown) => logger.warn('callbacks not counted', asError(error)))
}

/** Numbers of events by kind. Those that are not in the document count together: a sender chooses their names. */
function countKinds(events: readonly NorthboundEvent[]): CallbackCounts {
  const counts: Record<string, number> = {}
  for (const { data } of events) {
    const kind = data.event === 'unknown' ? otherEvents : data.event
    counts[kind] = (counts[kind] ?? 0) + 1
  }
  return counts
}
