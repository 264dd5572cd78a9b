import type { Presence, StoredPresence } from '../reconciliation/presence.ts'

export interface PresenceReader {
  /** Lists open rooms and present participants from the index, which may lag behind by a moment. */
  list(signal?: AbortSignal): Promise<Presence[]>
  /** Reads what is stored now. Presences that were never stored are omitted. */
  read(presences: readonly Presence[], signal?: AbortSignal): Promise<StoredPresence[]>
}
