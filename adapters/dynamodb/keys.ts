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

/** Key of a quarantine record in the event log. */
export function quarantineKey(id: string): { readonly stream: string; readonly event_key: string } {
  return { stream: 'quarantine', event_key: keyPart(id) }
}

/**
 * Number of partitions over which the participants, the past sessions and the timeline of a room are spread by user
 * (docs/decisions/0030). Stored keys depend on it, so a change needs a move (docs/runbook.md).
 */
const roomPartitions = 8

/** The partition of a user. It depends on the user id only, so any room with many users uses all partitions. */
function partitionOf(userId: string): number {
  return createHash('sha256').update(userId).digest().readUInt32BE(0) % roomPartitions
}

function listPartitions(keyOf: (partition: number) => string): string[] {
  return Array.from({ length: roomPartitions }, (_, partition) => keyOf(partition))
}

/** Partition key of a room and its recordings in the state table. */
export function roomGroup(roomId: string): string {
  return `room/${keyPart(roomId)}`
}

/** Partition keys of the participants of a room in the state table. */
export function participantGroups(roomId: string): string[] {
  return listPartitions((partition) => participantGroup(roomId, partition))
}

function participantGroup(roomId: string, partition: number): string {
  return `${roomGroup(roomId)}/${partition}`
}

/** Partition keys of the past sessions of all participants of a room. */
export function pastSessionGroups(roomId: string): string[] {
  return listPartitions((partition) => pastSessionGroup(roomId, partition))
}

function pastSessionGroup(roomId: string, partition: number): string {
  return `${roomGroup(roomId)}/sessions/${partition}`
}

/**
 * Partition keys of a room in the timeline index. The first one has the form of before the room was spread, so that older
 * entries stay in the timeline.
 */
export function timelineKeys(roomId: string): string[] {
  return listPartitions((partition) => timelinePartition(roomId, partition))
}

/** Partition key of the events of a user in the timeline of a room, among those of other users. */
export function timelineKeyOfUser(roomId: string, userId: string): string {
  return timelinePartition(roomId, partitionOf(userId))
}

function timelinePartition(roomId: string, partition: number): string {
  return partition === 0 ? keyPart(roomId) : `${keyPart(roomId)}/${partition}`
}

/** Partition key of a media server in the timeline index. No key of a room contains `#`. */
export function warningsKey(boxCode: string): string {
  return `box#${keyPart(boxCode)}`
}

/**
 * Partition key of an aggregate's events in the timeline index: by user, and the first one of the room for events without a
 * participant.
 *
 * @returns undefined if the events name neither a room nor a media server.
 */
export function timelineKey(aggregate: AggregateId): string | undefined {
  if (aggregate.kind === 'box') return warningsKey(aggregate.box_code)
  if (aggregate.room_id === undefined) return undefined
  return timelinePartition(aggregate.room_id, aggregate.kind === 'participant' ? partitionOf(aggregate.user_id) : 0)
}

/** Key of an aggregate's projection in the state table. */
export function itemKey(aggregate: StatefulAggregateId): ItemKey {
  switch (aggregate.kind) {
    case 'room':
      return { group: roomGroup(aggregate.room_id), item: 'room' }
    case 'participant': {
      const { room_id, user_id } = aggregate
      return { group: participantGroup(room_id, partitionOf(user_id)), item: `user/${keyPart(user_id)}` }
    }
    case 'recording':
      return { group: roomGroup(aggregate.room_id), item: `recording/${keyPart(aggregate.recording_id)}` }
    case 'box':
      return { group: `box/${keyPart(aggregate.box_code)}`, item: 'box' }
  }
}

/**
 * Partition key and start of the sort key of an aggregate's past sessions or recordings. Past recordings are in the group of
 * their room, so that the query that lists its recordings finds them.
 */
export function pastItemKeys(aggregate: RecurringAggregateId): { group: string; prefix: string } {
  if (aggregate.kind === 'recording')
    return { group: roomGroup(aggregate.room_id), prefix: `${itemKey(aggregate).item}/` }
  const { room_id, user_id } = aggregate
  return { group: pastSessionGroup(room_id, partitionOf(user_id)), prefix: `${keyPart(user_id)}/` }
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
