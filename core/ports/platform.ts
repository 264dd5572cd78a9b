import type { ObservedRoom } from '../reconciliation/compare.ts'

/** The API of a 3TEE AVD installation. */
export interface Platform {
  /** Lists every open room with everybody in it. @throws PlatformError unless the answer is complete and certain. */
  listOpenRooms(signal: AbortSignal): Promise<ObservedRoom[]>
}
