import { type Presence, presenceKey } from './presence.ts'

/** A participant in the platform's list. */
export type ObservedUser = {
  readonly user_id: string
  readonly user_name?: string | undefined
  readonly endpoint_type?: string | undefined
}

/** An open room in the platform's list, with all its users. */
export type ObservedRoom = {
  readonly room_id: string
  /** Absent if the list has no name for it. */
  readonly name?: string | undefined
  readonly users: readonly ObservedUser[]
}

export type Differences = {
  /** Stored as present, but not in the list. */
  readonly missing: readonly Presence[]
  /** In the list, but not stored as present. */
  readonly unknown: readonly (Presence & { readonly user?: ObservedUser | undefined })[]
}

/** Compares the platform's complete list with the stored presences. */
export function compare(observed: readonly ObservedRoom[], stored: readonly Presence[]): Differences {
  const unmatched = new Map(stored.map((presence) => [presenceKey(presence), presence]))
  const unknown: Differences['unknown'][number][] = []
  for (const { room_id, users } of observed) {
    if (!unmatched.delete(presenceKey({ room_id }))) unknown.push({ room_id })
    for (const user of users) {
      const presence = { room_id, user_id: user.user_id }
      if (!unmatched.delete(presenceKey(presence))) unknown.push({ ...presence, user })
    }
  }
  return { missing: [...unmatched.values()], unknown }
}
