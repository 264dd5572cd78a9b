import type { Projection } from '../../core/projection/projection.ts'
import { eventId } from '../../core/protocol/event-id.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import type { ParticipantId } from '../../core/state/aggregate.ts'
import type { CloseMark, KnownCloses } from '../../core/state/closes.ts'
import type { Step } from '../../core/state/fold.ts'
import { orderKey } from '../../core/state/order.ts'
import type { SessionEnd } from '../../core/state/session.ts'
import type { StreamBatch } from './stream-batch.ts'

/** A session that a close of the room may have ended, to be published (docs/decisions/0022). */
export type CloseEnd = {
  readonly participant: ParticipantId
  /** Watermark of the participant's projection. */
  readonly watermark: string
  /** Order key of the close. */
  readonly order: string
  /** What the close changed; undefined if only the history shows it. */
  readonly change: Pick<Step, 'before' | 'after'> | undefined
  /** Whether the event at `order`, not necessarily a close, has replaced another one, so that all later ends may have changed. */
  readonly hasReplaced: boolean
  /** Whether it may have been published before. */
  readonly isRedelivered: boolean
  /** The events of the batch whose messages must be retried if the end cannot be published. */
  readonly causes: readonly NorthboundEvent[]
}

/** An event of a room by which sessions may have ended: a close, or an event that has replaced one. */
export type EndingEvent = {
  readonly event: NorthboundEvent
  /** Order key at which it counts. */
  readonly order: string
  /** The close, if it is the first of its millisecond; undefined if only the history shows what the event did. */
  readonly mark: CloseMark | undefined
  readonly hasReplaced: boolean
  readonly isRedelivered: boolean
}

/**
 * Selects the events of a room by which sessions may have ended. Of closes, only those that count: the log has them at the time at
 * which they were received.
 */
export function findEndingEvents(
  { events, outcomes, replacements }: Pick<StreamBatch, 'events' | 'outcomes' | 'replacements'>,
  { closes }: KnownCloses,
): EndingEvent[] {
  const marks = new Map(closes.map((mark) => [mark.order, mark]))
  const replacementById = new Map(replacements.map((event) => [eventId(event), event]))
  return events.flatMap((event): EndingEvent[] => {
    const isRedelivered = outcomes.get(event) === 'duplicate'
    const replacement = replacementById.get(eventId(event))
    if (replacement !== undefined)
      return [{ event, order: orderKey(replacement), mark: undefined, hasReplaced: true, isRedelivered }]
    const mark = marks.get(orderKey(event))
    if (mark === undefined || outcomes.get(event) === 'quarantined') return []
    const first = closes.find(({ at, estimated }) => at === mark.at && estimated === mark.estimated)
    const isFirst = first === mark
    return [{ event, order: mark.order, mark: isFirst ? mark : undefined, hasReplaced: false, isRedelivered }]
  })
}

/**
 * Determines whether events of a room ended a session of a participant. If events of the participant followed, only the history
 * shows it: they may belong to a later session, or may have been published with the session that ended.
 *
 * @param projection as stored after all closes were applied.
 */
export function findCloseEnds({ aggregate, state, watermark }: Projection, events: readonly EndingEvent[]): CloseEnd[] {
  if (aggregate.kind !== 'participant' || state?.kind !== 'participant' || state.session === null) return []
  const { end: sessionEnd } = state.session
  const applied = events.filter(({ order }) => order <= watermark)
  const needsHistory = applied.some(({ order, hasReplaced }) => hasReplaced || order < watermark)
  return applied.flatMap(({ event, mark, ...end }): CloseEnd[] => {
    const closeEnd = { ...end, participant: aggregate, watermark, causes: [event] }
    if (needsHistory) return [{ ...closeEnd, change: undefined }]
    const isEnded = mark !== undefined && isEndedBy(sessionEnd, mark)
    return isEnded ? [{ ...closeEnd, change: { before: undefined, after: state } }] : []
  })
}

function isEndedBy(end: SessionEnd | null, { at, estimated }: CloseMark): boolean {
  return end !== null && end.reason === 'room_closed' && end.at === at && end.estimated === estimated
}
