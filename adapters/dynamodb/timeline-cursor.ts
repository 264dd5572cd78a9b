import { InvalidCursorError } from '../../core/ports/page.ts'
import { encodeCursor, parseCursor } from './cursor.ts'
import { keyPart, timelineKeys } from './keys.ts'
import type { StartKey } from './query.ts'

/** Encodes a key of the timeline index. The whole key is needed, because two events can have the same order key. */
export function encodeTimelineCursor(key: StartKey | undefined, roomId: string): string | null {
  if (key === undefined) return null
  const { room, stream, event_key, order_key } = key
  return encodeCursor([timelineKeys(roomId).indexOf(String(room)), stream, event_key, order_key])
}

/** @throws InvalidCursorError also for an event of another room. */
export function parseTimelineCursor(cursor: string, roomId: string): StartKey {
  const [partition, stream, event_key, order_key, ...others] = parseCursor(cursor)
  const room = timelineKeys(roomId)[Number(partition)]
  if (typeof partition !== 'number' || room === undefined || others.length > 0) throw new InvalidCursorError()
  if (!isKeyText(stream) || !isKeyText(event_key) || !isKeyText(order_key)) throw new InvalidCursorError()
  const isOfRoom = stream === 'quarantine' || `${stream}/`.startsWith(`room/${keyPart(roomId)}/`)
  if (!isOfRoom) throw new InvalidCursorError()
  return { room, stream, event_key, order_key }
}

function isKeyText(value: unknown): value is string {
  return typeof value === 'string' && value !== ''
}
