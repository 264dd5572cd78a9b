import type { DirectoryEntry, Sighting } from '../people/directory.ts'
import type { Page, PageRequest } from './page.ts'

/** The directory of people, as the function that samples usage writes it. */
export interface PeopleDirectory {
  /** @returns the entries of these people by user id; those without one are missing. */
  readEntries(userIds: readonly string[], signal?: AbortSignal): Promise<ReadonlyMap<string, DirectoryEntry>>
  /** @returns the names by user id that the people have in these rooms, as far as they are known. */
  readNames(sightings: readonly Sighting[], signal?: AbortSignal): Promise<ReadonlyMap<string, string>>
  write(entries: readonly DirectoryEntry[], signal?: AbortSignal): Promise<void>
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
