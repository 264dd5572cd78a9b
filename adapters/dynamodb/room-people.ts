import { keyText, participantGroups } from './keys.ts'
import type { ProjectionItem } from './projection-item.ts'
import { buildPrefixQuery, queryPage } from './query.ts'
import { participantPrefix, type StateTable } from './room-items.ts'

/** The people of a room after a position, in the order of the key parts of their ids. */
export type RoomPeople = {
  readonly items: readonly ProjectionItem[]
  /** Key part of the user after whom the people continue; undefined if these are all. */
  readonly end: string | undefined
  /** Everybody who was read, by `keyText`. Some come after `end`. */
  readonly found: ReadonlyMap<string, ProjectionItem>
}

/**
 * Reads people with one query of each partition of the room (docs/decisions/0030).
 *
 * @param after key part of a user id; '' at the start.
 * @param wanted number of people. There may be a few less: users are spread evenly, but not exactly so.
 */
export async function queryPeople(
  { client, stateTable, signal }: StateTable,
  roomId: string,
  after: string,
  wanted: number,
): Promise<RoomPeople> {
  const groups = participantGroups(roomId)
  const Limit = maxPeople(wanted, groups.length)
  const pages = await Promise.all(
    groups.map((group) => {
      const query = { ...buildPrefixQuery(stateTable, group, participantPrefix), Limit }
      const start = after === '' ? undefined : { group, item: `${participantPrefix}${after}` }
      return queryPage<ProjectionItem>(client, query, start, signal)
    }),
  )
  // What comes after the end of a partition is not known of it, so the list ends there.
  const ends = pages.flatMap(({ next }) => (next === undefined ? [] : [userKeyOf(String(next.item))]))
  const end = ends.sort(compareKeys).at(0)
  const read = pages.flatMap(({ items }) => items)
  const items = read.filter(({ item }) => end === undefined || compareKeys(userKeyOf(item), end) <= 0)
  return {
    items: items.sort((one, other) => compareKeys(one.item, other.item)),
    end,
    found: new Map(read.map((item) => [keyText(item), item])),
  }
}

/** The share of one partition, plus four standard deviations of the number of users that the hash assigns to it. */
function maxPeople(wanted: number, partitions: number): number {
  const share = wanted / partitions
  return Math.ceil(share + 4 * Math.sqrt(share)) + 1
}

/** The key part of the user id in a sort key. */
export function userKeyOf(item: string): string {
  return item.slice(participantPrefix.length)
}

/** Compares keys as DynamoDB does, by their UTF-8 bytes. */
export function compareKeys(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other))
}
