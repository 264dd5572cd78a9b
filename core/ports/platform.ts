import type { ObservedRoom } from '../reconciliation/compare.ts'

/** The API of a 3TEE AVD installation. */
export interface Platform {
  /** Lists every open room with all its users. @throws PlatformError unless the list is known to be complete. */
  listOpenRooms(signal: AbortSignal): Promise<ObservedRoom[]>
}
