import type { Erasures } from '../erasure/erasures.ts'

export interface ErasureReader {
  /** @returns undefined if nobody has been erased. */
  read(signal?: AbortSignal): Promise<Erasures | undefined>
}
