import { toRoomName } from '../protocol/events.ts'
import type { ObservedRoom } from './compare.ts'
import { type Correction, type Hash, nameCorrection } from './correction.ts'
import { type ListedPresence, presenceKey, type StoredPresence } from './presence.ts'

/** A room whose name in the platform's list is not the stored one. */
export type RenamedRoom = { readonly room_id: string; readonly room_name: string }

/** Limits the requests of one sweep. The next sweep names the others. */
const maxNamesPerSweep = 500

/**
 * Finds the stored open rooms that the platform's list names differently (docs/contract.md, section 5). A name that the list
 * no longer has is kept.
 */
export function findRenamedRooms(
  observed: readonly ObservedRoom[],
  stored: readonly ListedPresence[],
): readonly RenamedRoom[] {
  const names = new Map(observed.flatMap(({ room_id, name }) => (name === undefined ? [] : [[room_id, name]])))
  if (names.size === 0) return []
  const renamed = stored.flatMap(({ room_id, user_id, name: before }): RenamedRoom[] => {
    const listed = user_id === undefined ? names.get(room_id) : undefined
    const room_name = listed === undefined ? before : toRoomName(listed)
    return room_name === undefined || room_name === before ? [] : [{ room_id, room_name }]
  })
  return renamed.slice(0, maxNamesPerSweep)
}

/**
 * The events that name these rooms.
 *
 * @param stored what is stored about them now.
 * @param startedAt ms: start of the sweep.
 */
export function nameRooms(
  renamed: readonly RenamedRoom[],
  stored: readonly StoredPresence[],
  startedAt: number,
  hash: Hash,
): readonly Correction[] {
  if (renamed.length === 0) return []
  const storedByKey = new Map(stored.map((entry) => [presenceKey(entry.presence), entry]))
  return renamed.flatMap(({ room_id, room_name }) => {
    const entry = storedByKey.get(presenceKey({ room_id }))
    return entry?.present ? [nameCorrection(entry, room_name, startedAt, hash)] : []
  })
}
