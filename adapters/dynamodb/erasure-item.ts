import { msPerDay } from '../../core/erasure/erasure-times.ts'
import type { Erasures } from '../../core/erasure/erasures.ts'
import { maxLateDays } from '../../core/projection/checkpoints.ts'
import { expiryOf } from './expiry.ts'
import type { ItemKey } from './keys.ts'

/** Partition key of what the state table keeps about erasures. */
export const erasureGroup = 'erasure'

/** Key of the item with the erasures that events under way are compared with. */
export const activeKey: ItemKey = { group: erasureGroup, item: 'active' }

/** All of them are in one item, so that one read finds them. */
export type ErasureItem = ItemKey & {
  readonly key: Uint8Array
  /** `[hash, ms]` of each. */
  readonly erased: readonly (readonly [string, number])[]
  readonly version: number
  /** Seconds since 1970 (DynamoDB's time to live): with the last erasure, the key goes as well. */
  readonly expires_at: number
}

export function toErasureItem({ key, erasedAt }: Erasures, version: number): ErasureItem {
  const erased = [...erasedAt]
  const latest = Math.max(...erasedAt.values())
  return { ...activeKey, key, erased, version, expires_at: expiryOf(latest, maxLateDays) }
}

/** @param now ms since 1970. @returns undefined if all have expired: DynamoDB deletes expired items up to two days late. */
export function fromErasureItem({ key, erased }: ErasureItem, now: number): Erasures | undefined {
  const valid = erased.filter(([, at]) => at > now - maxLateDays * msPerDay)
  return valid.length === 0 ? undefined : { key, erasedAt: new Map(valid) }
}
