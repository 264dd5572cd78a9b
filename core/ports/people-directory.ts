import type { DirectoryEntry, Sighting } from '../people/directory.ts'
import type { Page, PageRequest } from './page.ts'

/** The directory of people, as the function that samples usage writes it. */
export interface PeopleDirectory {
  /** @returns when (ms) the entry of each of these people was written; those without one are missing. */
  readTimes(userIds: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, number>>
  /** Writes an entry for each sighting, with the name that the person has in the room. */
  record(sightings: readonly Sighting[], now: number, signal?: AbortSignal): Promise<void>
}

export interface PeopleReader {
  /**
   * Lists people by the keys of their ids. A page can have fewer than `limit`, or none, and not be the last.
   *
   * @param request `q`: a part of the name or the id; undefined for everybody.
   * @throws InvalidCursorError
   */
  listPeople(
    request: PageRequest & { readonly q: string | undefined },
    signal?: AbortSignal,
  ): Promise<Page<DirectoryEntry>>
  /** @returns when (ms) each of these people was last in the room of the entry, as far as that is later than the entry. */
  readLastSeen(entries: readonly DirectoryEntry[], signal?: AbortSignal): Promise<ReadonlyMap<string, number>>
}
