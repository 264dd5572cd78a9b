import { maxErasureAgeMs } from '../../core/erasure/erasure-times.ts'
import type { Erasures } from '../../core/erasure/erasures.ts'
import type { ErasureReader } from '../../core/ports/erasures.ts'

export type ErasureCache = {
  /**
   * Resolves to the erasures as they were at most a minute ago, or undefined.
   *
   * @throws if they cannot be read: events must not be applied without knowing them.
   */
  read(signal: AbortSignal): Promise<Erasures | undefined>
}

/** Reads the erasures at most once a minute. @param now ms since 1970. */
export function createErasureCache(reader: ErasureReader, now: () => number): ErasureCache {
  let cached: { readonly erasures: Erasures | undefined; readonly readAt: number } | undefined
  return {
    async read(signal) {
      // The time before the read, because the response may be as old as that. A clock that was set back makes it unknown.
      const readAt = now()
      const age = cached === undefined ? Number.NaN : readAt - cached.readAt
      if (!(age >= 0 && age < maxErasureAgeMs)) cached = { erasures: await reader.read(signal), readAt }
      return cached?.erasures
    },
  }
}
