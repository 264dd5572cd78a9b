const msPerDay = 86_400_000

/** Someone who was seen in a room. */
export type Sighting = { readonly user_id: string; readonly room_id: string }

/** What the directory holds of a person. */
export type DirectoryEntry = Sighting & {
  /** The name in that room, or the former one if it is not known there; null if none is known. */
  readonly user_name: string | null
  /** ms since 1970: when the entry was written, at most once a day, or twice if the name was not known at first. */
  readonly seen_at: number
}

/** Whether a person must be looked up: there is no entry of today, or it has no name. @param now ms since 1970. */
export function isDue(entry: DirectoryEntry | undefined, now: number): boolean {
  return entry === undefined || !isOfSameDay(entry.seen_at, now) || entry.user_name === null
}

/**
 * Updates the entry of a person who is due. A name that was known is kept if the room has none: the event that brings it may come
 * after the join.
 *
 * @param name in the room of the sighting; undefined if it is not known.
 * @returns undefined if nothing new is known today.
 */
export function updateEntry(
  entry: DirectoryEntry | undefined,
  sighting: Sighting,
  { name, now }: { readonly name: string | undefined; readonly now: number },
): DirectoryEntry | undefined {
  const user_name = name ?? entry?.user_name ?? null
  if (user_name === null && entry !== undefined && isOfSameDay(entry.seen_at, now)) return undefined
  return { ...sighting, user_name, seen_at: now }
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
