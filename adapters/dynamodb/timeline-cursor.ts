import { InvalidCursorError } from '../../core/ports/page.ts'
import { isWithin, type Period } from '../../core/ports/period.ts'
import { timeOfOrder } from '../../core/state/order.ts'
import { encodeCursor, parseCursor } from './cursor.ts'
import type { StartKey } from './query.ts'

/** What a cursor must belong to. */
export type TimelineScope = {
  /** The list that continues at the cursor. */
  readonly list: 'events' | 'sessions'
  /** Partitions of the timeline, see `TimelineQuery`. */
  readonly keys: readonly string[]
  /** Key of the stream of the room or the media server, with which the streams of all its events start. */
  readonly stream: string
  readonly period: Period
}

/** Encodes a key of the timeline index. The whole key is needed, because two events can have the same order key. */
export function encodeTimelineCursor(
  key: StartKey | undefined,
  { list, keys }: Pick<TimelineScope, 'list' | 'keys'>,
): string | null {
  if (key === undefined) return null
  const { room, stream, event_key, order_key } = key
  return encodeCursor([list, keys.indexOf(String(room)), stream, event_key, order_key])
}

/** @throws InvalidCursorError also for another list, an event of another room or media server, or of a time outside the period. */
export function parseTimelineCursor(cursor: string, scope: TimelineScope): StartKey {
  const [list, partition, stream, event_key, order_key, ...others] = parseCursor(cursor)
  const room = scope.keys[Number(partition)]
  if (list !== scope.list || others.length > 0) throw new InvalidCursorError()
  if (typeof partition !== 'number' || room === undefined) throw new InvalidCursorError()
  if (!isKeyText(stream) || !isKeyText(event_key) || !isKeyText(order_key)) throw new InvalidCursorError()
  const isOfScope = stream === 'quarantine' || `${stream}/`.startsWith(`${scope.stream}/`)
  const isInPeriod = /^\d{15}\./.test(order_key) && isWithin(timeOfOrder(order_key), scope.period)
  if (!isOfScope || !isInPeriod) throw new InvalidCursorError()
  return { room, stream, event_key, order_key }
}

function isKeyText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
