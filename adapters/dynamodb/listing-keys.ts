import { createHash } from 'node:crypto'
import { keyPart } from './keys.ts'

/** Number of partitions of the listing index that rooms are spread over, so that no partition takes all writes. */
export const listingShards = 8

/** The partition of a room in the listing index. */
export function listingPartition(status: 'open' | 'closed', shard: number): string {
  return `${status}#${shard}`
}

/** Recordings and media servers change too rarely to need more than one partition each. */
export const recordingsPartition = 'recordings'
export const boxesPartition = 'boxes'

export function shardOf(roomId: string): number {
  return createHash('sha256').update(roomId).digest().readUInt32BE(0) % listingShards
}

/** Sort key in the listing index: a room comes first, then the participants present in it. */
export function listingOrder(roomId: string, userId?: string): string {
  return userId === undefined ? `${keyPart(roomId)}#` : `${keyPart(roomId)}#user#${keyPart(userId)}`
}

/** Sorts after the room and its participants, and before the next room. */
export function listingOrderAfter(roomId: string): string {
  return `${listingOrder(roomId)}\u{10FFFF}`
}
