const msPerDay = 86_400_000

/** Somebody who was seen in a room. */
export type Sighting = { readonly user_id: string; readonly room_id: string }

/** What the directory holds of a person. */
export type DirectoryEntry = Sighting & {
  /** The name in that room; null if it is not known. */
  readonly user_name: string | null
  /** ms since 1970: when the entry was written, at most once a day. */
  readonly seen_at: number
}

/** Whether an entry of this time (ms) is of the same day as `now`, in UTC. */
export function isOfSameDay(seenAt: number, now: number): boolean {
  return Math.floor(seenAt / msPerDay) === Math.floor(now / msPerDay)
}

/** Selects one sighting of each person who is not recorded yet. @param maxPeople the others are left for the next time. */
export function selectUnrecorded(
  present: readonly Sighting[],
  recorded: ReadonlySet<string>,
  maxPeople: number,
): Sighting[] {
  const selected = new Map<string, Sighting>()
  for (const { user_id, room_id } of present) {
    if (selected.size === maxPeople) break
    if (!recorded.has(user_id) && !selected.has(user_id)) selected.set(user_id, { user_id, room_id })
  }
  return [...selected.values()]
}
