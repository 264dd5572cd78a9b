import type { z } from 'zod'
import type { DirectoryEntry } from '../../core/people/directory.ts'
import type { OpenRooms } from '../../core/ports/open-rooms-reader.ts'
import { isoTime } from '../../core/presentation/iso-time.ts'
import type { QueryApiDependencies } from './dependencies.ts'
import type { RouteResult } from './http-response.ts'
import type { peopleQuery } from './request-schemas.ts'
import type { RouteRequest } from './route.ts'

/** Responds with a page of the directory of people, and where each of them is now (docs/contract.md, section 6). */
export async function respondWithPeople(
  { people, openRooms, now }: QueryApiDependencies,
  { query, signal }: RouteRequest<z.output<typeof peopleQuery>>,
): Promise<RouteResult> {
  const { limit, cursor, q } = query
  const [page, open] = await Promise.all([
    people.listPeople({ limit, cursor, q }, signal),
    openRooms.readOpenRooms(signal),
  ])
  const roomsByUser = groupByUser(open, page.items)
  const absent = page.items.filter(({ user_id }) => !roomsByUser.has(user_id))
  const lastSeen = await people.readLastSeen(absent, signal)
  const items = page.items.map(({ user_id, user_name, seen_at }) => {
    const present_in = roomsByUser.get(user_id) ?? []
    const lastSeenAt = present_in.length > 0 ? now() : (lastSeen.get(user_id) ?? seen_at)
    return { user_id, user_name, last_seen_at: isoTime(lastSeenAt), present_in }
  })
  return { json: { items, cursor: page.cursor } }
}

/** The rooms in which those of these people are who are in any, sorted by id. */
function groupByUser({ present }: OpenRooms, people: readonly DirectoryEntry[]): ReadonlyMap<string, string[]> {
  const wanted = new Set(people.map(({ user_id }) => user_id))
  const rooms = new Map<string, string[]>()
  for (const { user_id, room_id } of present)
    if (wanted.has(user_id)) rooms.set(user_id, [...(rooms.get(user_id) ?? []), room_id].sort())
  return rooms
}
