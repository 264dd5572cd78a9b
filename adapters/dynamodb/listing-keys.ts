import { createHash } from 'node:crypto'
import { timeKey } from '../../core/state/order.ts'
import { keyPart } from './keys.ts'

/**
 * Number of partitions of the listing index that rooms are spread over. Each takes 1,000 changes of the board per second,
 * and each look at the board reads all of them (docs/decisions/0029).
 */
export const listingShards = 3

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

/** Sort key of an open room in the listing index: the room comes first, then the participants present in it. */
export function listingOrder(roomId: string, userId?: string): string {
  return userId === undefined ? `${keyPart(roomId)}#` : `${keyPart(roomId)}#user#${keyPart(userId)}`
}

/** Sort key of a closed room in the listing index. @param closedAt ms; null if that is not known. */
export function closedListingOrder(roomId: string, closedAt: number | null): string {
  return `${timeKey(closedAt ?? 0)}#${keyPart(roomId)}`
}

/** Sorts after the room and its participants, and before the next room. */
export function listingOrderAfter(roomId: string): string {
  return `${listingOrder(roomId)}\u{10FFFF}`
}
