import type { ListedPresence, Presence, StoredPresence } from '../reconciliation/presence.ts'

export interface PresenceReader {
  /** Lists open rooms and present participants from the index, which may lag behind by a moment. */
  list(signal?: AbortSignal): Promise<ListedPresence[]>
  /** Reads what is stored now. Presences that were never stored are omitted. */
  read(presences: readonly Presence[], signal?: AbortSignal): Promise<StoredPresence[]>
  /** Reads the time (ms) of the last event of each room or a person in it, or 0. */
  readLastEvents(roomIds: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, number>>
}
