import { type Signal, signal } from '@preact/signals'
import { api } from '../api.ts'
import { token } from '../state/token.ts'

/** A name is read again if a link to the room appears after this time. */
const maxAgeMs = 60_000
/** Links appear one by one; their names are read together after this time. */
const gatherMs = 50
/** From so many rooms on, a read of the newest thousand rooms comes first. */
const minRoomsForList = 4
const readConcurrency = 4

type KnownName = { readonly name: Signal<string | null>; readonly readAtMs: number }

const known = new Map<string, KnownName>()
const wanted = new Set<string>()
let isReading = false
let listReadAtMs = Number.NEGATIVE_INFINITY

/** The name of a room; null if it has none or has not been read. A component that calls it is rendered again with the name. */
export function findRoomName(id: string): string | null {
  return find(id).name.value
}

function find(id: string): KnownName {
  const entry = known.get(id) ?? { name: signal(null), readAtMs: Number.NEGATIVE_INFINITY }
  known.set(id, entry)
  return entry
}

/** Remembers names that came with other data. */
export function noteRoomNames(rooms: readonly { readonly room_id: string; readonly name: string | null }[]): void {
  const readAtMs = performance.now()
  for (const { room_id, name } of rooms) {
    const entry = find(room_id)
    entry.name.value = name
    known.set(room_id, { ...entry, readAtMs })
  }
}

/** Reads the name of a room soon, unless it was read lately. */
export function wantRoomName(id: string): void {
  if (performance.now() - find(id).readAtMs < maxAgeMs) return
  wanted.add(id)
  if (!isReading) setTimeout(() => void readWanted(), gatherMs)
  isReading = true
}

/** A name that cannot be read stays unknown: the page shows the id. */
async function readWanted(): Promise<void> {
  try {
    if (wanted.size >= minRoomsForList && performance.now() - listReadAtMs >= maxAgeMs) {
      listReadAtMs = performance.now()
      noteRoomNames((await api.listRoomsForNames()).items)
    }
    await Promise.all(Array.from({ length: readConcurrency }, readOneByOne))
  } catch {
    wanted.clear()
  }
  isReading = false
}

async function readOneByOne(): Promise<void> {
  for (const id of wanted) {
    wanted.delete(id)
    if (performance.now() - find(id).readAtMs < maxAgeMs) continue
    const room = await api.findRoom(id)
    if (token.peek() !== null) noteRoomNames([room ?? { room_id: id, name: null }])
  }
}

/** Forgets all names, for example when the user signs out. */
export function forgetRoomNames(): void {
  wanted.clear()
  known.clear()
  listReadAtMs = Number.NEGATIVE_INFINITY
}
