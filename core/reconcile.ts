import type { Envelope } from './protocol/envelope.ts'

/** A person as the platform's list shows them. */
export type ObservedUser = {
  readonly user_id: string
  readonly user_name?: string | undefined
  readonly endpoint_type?: string | undefined
}

/** An open room as the platform's list shows it, with everybody in it. */
export type ObservedRoom = { readonly room_id: string; readonly users: readonly ObservedUser[] }

/** A room (no user_id) or a person in a room. */
export type Place = { readonly room_id: string; readonly user_id?: string | undefined }

/** What we hold open or present, as the listing shows it. */
export type ListedPlace = Place

/**
 * What is stored of one place, read anew. `present`: the room is open, the person is in it; `changed_at`: ms of the
 * last event about it (0: none); `episode`: names this opening or session, or, where there is none, the last end.
 */
export type StoredPlace = {
  readonly place: Place
  readonly present: boolean
  readonly changed_at: number
  readonly episode: string
}

/** How long a place has been missing in the list: ms of the first sweep without it, and how many in a row. */
export type Missing = { readonly since: number; readonly sweeps: number }

/** What one sweep tells the next: by place key. */
export type SweepMemory = ReadonlyMap<string, Missing>

export const nothingMissing: SweepMemory = new Map()

export function placeKey({ room_id, user_id }: Place): string {
  return JSON.stringify(user_id === undefined ? [room_id] : [room_id, user_id])
}

export type Differences = {
  /** We hold them present, the list lacks them. */
  readonly missing: readonly Place[]
  /** The list has them, we do not. */
  readonly unknown: readonly (Place & { readonly user?: ObservedUser | undefined })[]
}

/** Compares the platform's complete list with what we hold open or present. */
export function compare(observed: readonly ObservedRoom[], listed: readonly ListedPlace[]): Differences {
  const held = new Map(listed.map((place) => [placeKey(place), place]))
  const unknown: Differences['unknown'][number][] = []
  for (const { room_id, users } of observed) {
    if (!held.delete(placeKey({ room_id }))) unknown.push({ room_id })
    for (const user of users) {
      const place = { room_id, user_id: user.user_id }
      if (!held.delete(placeKey(place))) unknown.push({ ...place, user })
    }
  }
  return { missing: [...held.values()], unknown }
}

export type Sweep = {
  /** ms at which the list was asked for: what changed later proves nothing. */
  readonly began: number
  /** ms that a place must have been missing before it counts as gone. */
  readonly graceMs: number
  readonly memory: SweepMemory
}

/** A correction before it has an envelope: what to send, when it holds, and what it corrects. */
type Correction = {
  readonly at: number
  readonly params: Readonly<Record<string, string>>
  readonly identity: readonly string[]
}

/**
 * Decides what the differences prove (contract, section 5).
 *
 * Gone is only what two sweeps in a row did not see, the grace after the first of them, and what did not change since.
 * It counts as gone from the first of the two on. What the list has and we do not is there at once.
 *
 * @param stored the missing and the unknown places, read after the list was.
 * @param hash names a correction by what it corrects, so that repeating it changes nothing.
 */
export function decide(
  { missing, unknown }: Differences,
  stored: readonly StoredPlace[],
  { began, graceMs, memory }: Sweep,
  hash: (text: string) => string,
): { corrections: Envelope[]; memory: SweepMemory } {
  const found = new Map(stored.map((entry) => [placeKey(entry.place), entry]))
  const latest = lastChangeInRooms(stored)
  const next = new Map<string, Missing>()
  const corrections: Correction[] = []
  for (const place of missing) {
    const entry = found.get(placeKey(place))
    if (entry === undefined || !entry.present) continue
    // A room lives as long as anybody in it does something.
    const changedAt = place.user_id === undefined ? (latest.get(place.room_id) ?? 0) : entry.changed_at
    if (changedAt > began) continue
    const before = memory.get(placeKey(place))
    const goesOn = before !== undefined && changedAt <= before.since && before.since < began
    const mark = goesOn ? { since: before.since, sweeps: before.sweeps + 1 } : { since: began, sweeps: 1 }
    next.set(placeKey(place), mark)
    if (mark.sweeps >= 2 && began - mark.since >= graceMs) corrections.push(gone(place, mark.since, entry.episode))
  }
  for (const { user, ...place } of unknown) {
    const entry = found.get(placeKey(place))
    if (entry !== undefined && (entry.present || entry.changed_at > began)) continue
    corrections.push(there(place, user, began, entry?.episode ?? ''))
  }
  return { corrections: corrections.map((correction) => envelopeOf(correction, hash)), memory: next }
}

function lastChangeInRooms(stored: readonly StoredPlace[]): Map<string, number> {
  const latest = new Map<string, number>()
  for (const { place, changed_at } of stored)
    latest.set(place.room_id, Math.max(changed_at, latest.get(place.room_id) ?? 0))
  return latest
}

function gone({ room_id, user_id }: Place, at: number, episode: string): Correction {
  const params =
    user_id === undefined
      ? { event: 'close', room_id, event_type: 'reconciled' }
      : { event: 'leave', room_id, user_id, event_type: 'reconciled' }
  return { at, params, identity: [params.event, room_id, user_id ?? '', episode] }
}

function there({ room_id, user_id }: Place, user: ObservedUser | undefined, at: number, episode: string): Correction {
  if (user_id === undefined) return { at, params: { event: 'open', room_id }, identity: ['open', room_id, '', episode] }
  const { user_name, endpoint_type } = user ?? {}
  const params = {
    event: 'join',
    room_id,
    user_id,
    event_type: 'normal',
    ...(user_name === undefined ? {} : { user_name }),
    ...(endpoint_type === undefined ? {} : { endpoint_type }),
  }
  return { at, params, identity: ['join', room_id, user_id, episode] }
}

function envelopeOf({ at, params, identity }: Correction, hash: (text: string) => string): Envelope {
  const trace_id = `reconcile-${hash(JSON.stringify(identity))}`
  return { trace_id, received_at: at, source: 'reconcile', signed: false, params: { ...params, trace_id } }
}
