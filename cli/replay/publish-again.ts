import { setTimeout as delay } from 'node:timers/promises'
import { toRoomEventMessage } from '../../core/notifications/room-event-message.ts'
import type { RoomEventMessage, RoomEventTopic } from '../../core/ports/topics.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { batchSizeOf, createPace, type Pace } from '../pace.ts'
import { isPublished, isSelected, type ReplayFilter } from './census.ts'
import type { LoggedEvents } from './logged-events.ts'
import { compareSources, type ReplayPosition, type ReplaySource } from './position.ts'
import { roomMessages } from './room-messages.ts'

/** SNS's limit of one request. */
const maxBatch = 10
const maxAttempts = 5
const retryMs = 500

export type ReplayOptions = {
  readonly filter: ReplayFilter
  /** In order. */
  readonly sources: readonly ReplaySource[]
  /** Messages a second. */
  readonly rate: number
  /** Continues after this position. */
  readonly after: ReplayPosition | undefined
}

export type ReplayProgress = {
  /** Number of logged events that have been read. */
  readonly read: number
  /** Number of messages that the topic has accepted, those of `session_ended` included. */
  readonly published: number
  /** Undefined before anything was published. */
  readonly position: ReplayPosition | undefined
}

export type ReplayResult = ReplayProgress & { readonly failure: unknown }

/**
 * Publishes logged events again, room by room and in the order of the log, with the ids and attributes with which they were
 * published first. Never throws.
 */
export async function publishAgain(
  log: LoggedEvents,
  topic: RoomEventTopic,
  { filter, sources, rate, after }: ReplayOptions,
  onProgress: (progress: ReplayProgress) => void,
  signal: AbortSignal,
): Promise<ReplayResult> {
  const publisher = { topic, pace: createPace(rate), size: batchSizeOf(rate, maxBatch), signal }
  let progress: ReplayProgress = { read: 0, published: 0, position: after }
  try {
    for (const source of remainingSources(sources, after)) {
      const messagesOf = source.kind === 'room' ? roomMessages(log, source.id, filter.period) : warningMessages
      let cursor = isSame(source, after?.source) ? (after?.cursor ?? null) : null
      do {
        signal.throwIfAborted()
        const page = await log.readPage(source, filter.period, cursor)
        const messages: RoomEventMessage[] = []
        for (const entry of page.items) if (isPublished(entry)) messages.push(...(await messagesOf(entry.event)))
        const selected = messages.filter(({ body }) => isSelected(body.event, filter))
        await publishAll(publisher, selected)
        cursor = page.cursor
        progress = {
          read: progress.read + page.items.length,
          published: progress.published + selected.length,
          position: { source, cursor },
        }
        onProgress(progress)
      } while (cursor !== null)
    }
    return { ...progress, failure: undefined }
  } catch (failure) {
    return { ...progress, failure }
  }
}

function remainingSources(sources: readonly ReplaySource[], after: ReplayPosition | undefined): ReplaySource[] {
  if (after === undefined) return [...sources]
  // A source that is complete has no cursor.
  const first = after.cursor === null ? 1 : 0
  return sources.filter((source) => compareSources(source, after.source) >= first)
}

function isSame(source: ReplaySource, other: ReplaySource | undefined): boolean {
  return other !== undefined && compareSources(source, other) === 0
}

async function warningMessages(event: NorthboundEvent): Promise<RoomEventMessage[]> {
  return [toRoomEventMessage(event, undefined)]
}

type Publisher = {
  readonly topic: RoomEventTopic
  readonly pace: Pace
  /** Messages in a request. */
  readonly size: number
  readonly signal: AbortSignal
}

/** Publishes messages one request after another, so that they keep their order. */
async function publishAll(publisher: Publisher, messages: readonly RoomEventMessage[]): Promise<void> {
  for (let start = 0; start < messages.length; start += publisher.size) {
    const batch = messages.slice(start, start + publisher.size)
    await publisher.pace(batch.length, publisher.signal)
    await publishBatch(publisher, batch)
  }
}

/** @throws the topic's error if it does not accept all messages after several attempts. */
async function publishBatch({ topic, signal }: Publisher, batch: readonly RoomEventMessage[]): Promise<void> {
  let pending = batch
  for (let attempt = 0; ; attempt++) {
    // Without the signal: a request that has begun is finished.
    const errors = await topic.publish(pending)
    pending = pending.filter((message) => errors.has(message))
    const [message] = pending
    if (message === undefined) return
    if (attempt + 1 === maxAttempts) throw errors.get(message)
    await delay(retryMs * 2 ** attempt, undefined, { signal })
  }
}
