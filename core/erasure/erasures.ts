import { createHmac } from 'node:crypto'
import { maxLateDays } from '../projection/checkpoints.ts'
import { msPerDay } from './erasure-times.ts'

/** The people who were erased a short time ago, so that their events that are still under way can be recognised. */
export type Erasures = {
  /** Without it, an id cannot be found by trying all: the ids are often phone numbers. */
  readonly key: Uint8Array
  /** When each was erased (ms), by the keyed hash of the user id. */
  readonly erasedAt: ReadonlyMap<string, number>
}

/** The keyed hash of a user id: HMAC-SHA256, 43 characters of base64url. */
export function hashUserId(key: Uint8Array, userId: string): string {
  return createHmac('sha256', key).update(userId.toWellFormed()).digest('base64url')
}

/** Creates a function that says whether events of a user that were received then (ms) have been erased. */
export function createErasedCheck({ key, erasedAt }: Erasures) {
  const hashes = new Map<string, string>()
  return (userId: string, receivedAt: number): boolean => {
    const hash = hashes.get(userId) ?? hashUserId(key, userId)
    hashes.set(userId, hash)
    const at = erasedAt.get(hash)
    return at !== undefined && receivedAt <= at
  }
}

/** Adds an erasure, and drops those whose events can no longer be under way. Repeated, the later one counts. */
export function addErasure({ key, erasedAt }: Erasures, userId: string, at: number): Erasures {
  const hash = hashUserId(key, userId)
  const current = [...erasedAt].filter(([, time]) => time > at - maxLateDays * msPerDay)
  const latest = Math.max(at, erasedAt.get(hash) ?? 0)
  return { key, erasedAt: new Map([...current, [hash, latest]]) }
}
