import { createHash } from 'node:crypto'
import type { AggregateId, ParticipantId } from '../../core/state/aggregate.ts'
import { indexes } from '../../names/indexes.ts'

/** Bytes; a key part longer than this is hashed, so that any id fits the limits of keys (2,048 and 1,024 bytes). */
const longest = 200

/**
 * An id as a part of a key: `#` and `/` separate the parts, so an id may not bring its own. A long one is
 * replaced by its hash; the `~` in front is its own, since ids have theirs escaped.
 */
export function keyPart(id: string): string {
  const escaped = id.replace(/[%#/~]/g, encodeSeparator)
  if (Buffer.byteLength(escaped) <= longest) return escaped
  return `~${createHash('sha256').update(id).digest('hex')}`
}

function encodeSeparator(char: string): string {
  return `%${char.charCodeAt(0).toString(16)}`
}

/** Partition key of a aggregate's events in the event log. */
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

/** Key of a aggregate's item in the state table: what is in a room sorts under the room, so one query reads it whole. */
export function itemKey(aggregate: Exclude<AggregateId, { kind: 'other' }>): { group: string; item: string } {
  switch (aggregate.kind) {
    case 'room':
      return { group: `room/${keyPart(aggregate.room_id)}`, item: 'room' }
    case 'participant':
      return { group: `room/${keyPart(aggregate.room_id)}`, item: `user/${keyPart(aggregate.user_id)}` }
    case 'recording':
      return { group: `room/${keyPart(aggregate.room_id)}`, item: `recording/${keyPart(aggregate.recording_id)}` }
    case 'box':
      return { group: `box/${keyPart(aggregate.box_code)}`, item: 'box' }
  }
}

/** Where the past sessions of a person are: `prefix` and the time (ms) at which one began are its sort key. */
export function sessionKeys({ room_id, user_id }: ParticipantId): { group: string; prefix: string } {
  return { group: `room/${keyPart(room_id)}/sessions`, prefix: `${keyPart(user_id)}/` }
}

/** The listing index is spread over so many partitions, so that no single one takes the writes of all rooms. */
export const listingShards = 8

export const listingIndex = indexes.listing
export const timelineIndex = indexes.timeline
export const visitsIndex = indexes.visits

/** The partition of a room in the listing index. */
export function listingPartition(status: 'open' | 'closed', shard: number): string {
  return `${status}#${shard}`
}

/** The partitions of recordings and boxes: both come too seldom to need more than one. */
export const recordingsPartition = 'recordings'
export const boxesPartition = 'boxes'

export function shardOf(roomId: string): number {
  return createHash('sha256').update(roomId).digest().readUInt32BE(0) % listingShards
}

/** Behind the room and everybody in it: where the next room begins. */
export function behindRoom(roomId: string): string {
  return `${listingOrder(roomId)}\u{10FFFF}`
}

/** Sort key in the listing index: the room first, then the people present in it. */
export function listingOrder(roomId: string, userId?: string): string {
  return userId === undefined ? `${keyPart(roomId)}#` : `${keyPart(roomId)}#user#${keyPart(userId)}`
}
