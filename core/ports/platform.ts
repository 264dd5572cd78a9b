import type { ObservedRoom } from '../reconciliation/compare.ts'

/** The API of a 3TEE AVD installation (docs/protocol.md, The platform's own API). */
export interface Platform {
  /** Lists every open room with all its users. @throws PlatformError unless the list is known to be complete. */
  listOpenRooms(signal: AbortSignal): Promise<ObservedRoom[]>
}
