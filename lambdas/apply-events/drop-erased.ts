import type { SQSRecord } from 'aws-lambda'
import { eraseFromEvent } from '../../core/erasure/erase-event.ts'
import { createErasedCheck } from '../../core/erasure/erasures.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { asError } from '../as-error.ts'
import { type Deadline, withBudget } from '../deadline.ts'
import { erasureBudgetMs } from './budgets.ts'
import { type DecodedMessages, resultWithoutEvent } from './decode-messages.ts'
import type { ApplyEventsDependencies } from './dependencies.ts'
import type { MessageResult } from './report.ts'

export type RemainingEvents = Pick<DecodedMessages, 'events'> & {
  /** The results of the events that are not to be applied, by message id. */
  readonly results: ReadonlyMap<string, MessageResult>
}

/**
 * Drops the events of people who were erased after the events had been received, and removes these people from other events
 * (docs/decisions/0061). If the erasures cannot be read, all events fail and are retried.
 */
export async function dropErased(
  { erasures, logger }: Pick<ApplyEventsDependencies, 'erasures' | 'logger'>,
  events: DecodedMessages['events'],
  deadline: Deadline,
): Promise<RemainingEvents> {
  const results = new Map<string, MessageResult>()
  if (events.size === 0) return { events, results }
  try {
    const known = await withBudget(erasureBudgetMs(deadline), 'no time was left to read the erasures', (signal) =>
      erasures.read(signal),
    )
    if (known === undefined) return { events, results }
    const isErased = createErasedCheck(known)
    const kept = new Map<NorthboundEvent, SQSRecord>()
    for (const [event, message] of events) {
      const remaining = eraseFromEvent(event, (userId) => isErased(userId, event.received_at))
      if (remaining !== 'erased') kept.set(remaining, message)
      else {
        // Neither the user nor the event is logged.
        logger.info('event of an erased person dropped', { messageId: message.messageId })
        results.set(message.messageId, resultWithoutEvent('erased'))
      }
    }
    return { events: kept, results }
  } catch (error) {
    for (const { messageId } of events.values()) results.set(messageId, resultWithoutEvent(asError(error)))
    return { events: new Map(), results }
  }
}
