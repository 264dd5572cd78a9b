import { api } from '../api.ts'
import { readSeldom } from '../state/read-seldom.ts'

/** By room id. Only rooms that have a name. */
export type RoomNames = Readonly<Record<string, string>>

/** Names change seldom, and the read lists a thousand rooms. */
const minReadIntervalMs = 60_000

/** @returns a function that reads the names of the open rooms and of those that were closed last. */
export function createRoomNames(): () => Promise<RoomNames> {
  return readSeldom(async () => {
    const { items } = await api.listRoomsForNames()
    return Object.fromEntries(items.flatMap(({ room_id, name }) => (name === null ? [] : [[room_id, name]])))
  }, minReadIntervalMs)
}

/** @returns null if the room has no known name. */
export function findRoomName(names: RoomNames, id: string): string | null {
  return Object.hasOwn(names, id) ? (names[id] ?? null) : null
}

export function addRoomNames<Row extends { readonly room_id: string }>(rows: readonly Row[], names: RoomNames) {
  return rows.map((row) => ({ ...row, room_name: findRoomName(names, row.room_id) }))
}
