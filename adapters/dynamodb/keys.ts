import { createHash } from 'node:crypto'
import type { AggregateId, RecurringAggregateId, StatefulAggregateId } from '../../core/state/aggregate.ts'

/** The primary key of an item of the state table. */
export type ItemKey = { readonly group: string; readonly item: string }

/** The key as text, for use in a map. */
export function keyText({ group, item }: ItemKey): string {
  return `${group} ${item}`
}

/** Longer key parts are hashed, so that any id fits DynamoDB's limits (2,048 and 1,024 bytes). */
const maxKeyPartBytes = 200

/**
 * Makes an id a part of a key. Parts are separated by `#` and `/`, so these are escaped in the id; a long id is replaced
 * with `~` and its hash. `~` is also escaped, so that no id can look like a hash.
 */
export function keyPart(id: string): string {
  const escaped = id.replace(/[%#/~]/g, encodeSeparator)
  if (Buffer.byteLength(escaped) <= maxKeyPartBytes) return escaped
  return `~${createHash('sha256').update(id).digest('hex')}`
}

function encodeSeparator(char: string): string {
  return `%${char.charCodeAt(0).toString(16)}`
}

/** Partition key of an aggregate's events in the event log. */
export function streamKey(aggregate: AggregateId): string {
  switch (aggregate.kind) {
    case 'room':
      return `room/${keyPart(aggregate.room_id)}`
    case 'participant':
      return `room/${keyPart(aggregate.room_id)}/user/${keyPart(aggregate.user_id)}`
    case 'recording':
      return `room/${keyPart(aggregate.room_id)}/recording/${keyPart(aggregate.recording_id)}`
    case 'box':
      return `box/${keyPart(aggregate.box_code)}`
    case 'other':
      return aggregate.room_id === undefined ? 'other' : `room/${keyPart(aggregate.room_id)}/other`
  }
}

/** Partition key of everything that belongs to a room in the state table, except past sessions. */
export function roomGroup(roomId: string): string {
  return `room/${keyPart(roomId)}`
}

/** Key of an aggregate's projection in the state table. One query of a room's group reads the whole room. */
export function itemKey(aggregate: StatefulAggregateId): ItemKey {
  switch (aggregate.kind) {
    case 'room':
      return { group: roomGroup(aggregate.room_id), item: 'room' }
    case 'participant':
      return { group: roomGroup(aggregate.room_id), item: `user/${keyPart(aggregate.user_id)}` }
    case 'recording':
      return { group: roomGroup(aggregate.room_id), item: `recording/${keyPart(aggregate.recording_id)}` }
    case 'box':
      return { group: `box/${keyPart(aggregate.box_code)}`, item: 'box' }
  }
}

/** Partition key of the past sessions of all participants of a room. */
export function pastSessionsGroup(roomId: string): string {
  return `${roomGroup(roomId)}/sessions`
}

/**
 * Partition key and start of the sort key of an aggregate's past sessions or recordings. Past recordings are in the group of
 * their room, so that the query that lists its recordings finds them.
 */
export function pastItemKeys(aggregate: RecurringAggregateId): { group: string; prefix: string } {
  return aggregate.kind === 'participant'
    ? { group: pastSessionsGroup(aggregate.room_id), prefix: `${keyPart(aggregate.user_id)}/` }
    : { group: roomGroup(aggregate.room_id), prefix: `${itemKey(aggregate).item}/` }
}

/** Key of the past session or recording with this key among those of its aggregate, see `pastEntryKey`. */
export function pastItemKey(aggregate: RecurringAggregateId, key: string): ItemKey {
  const { group, prefix } = pastItemKeys(aggregate)
  return { group, item: `${prefix}${keyPart(key)}` }
}

/** Partition key of an aggregate's checkpoints. */
export function checkpointGroup(aggregate: StatefulAggregateId): string {
  return `${streamKey(aggregate)}/checkpoints`
}
