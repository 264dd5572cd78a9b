import type { Erasures } from '../erasure/erasures.ts'

export interface ErasureReader {
  /** @returns undefined before the first erasure. */
  read(signal?: AbortSignal): Promise<Erasures | undefined>
}
