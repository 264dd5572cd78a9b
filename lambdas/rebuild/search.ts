import pMap from 'p-map'
import type { LoggedAggregate, LoggedAggregatePage } from '../../core/ports/aggregate-reader.ts'
import type { StatefulAggregateId } from '../../core/state/aggregate.ts'
import { DeadlineExceededError, orAbort } from '../deadline.ts'
import { cacheRooms } from './cache-rooms.ts'
import { compareAll, type Different, isDifferent } from './compare.ts'
import type { RebuildDependencies } from './dependencies.ts'
import { type RebuildRequest, readSelection } from './request.ts'

export type SearchResult = {
  /** Number of aggregates compared. */
  readonly checked: number
  readonly different: readonly Different[]
  /** Continues the search; null if it is complete. */
  readonly cursor: string | null
}

/** `cursor`: continues the search after the aggregate. */
type Item = { readonly aggregate: StatefulAggregateId; readonly cursor: string | null }

const queryConcurrency = 16
/** Differences in one response. Further ones follow with the next request. */
const maxDifferences = 100

/**
 * Compares the selected aggregates with the log, in the order of the list, until the signal aborts or enough differ.
 *
 * @throws DeadlineExceededError if there was no time for any progress: repeating the request would not help.
 */
export async function search(
  dependencies: RebuildDependencies,
  request: RebuildRequest,
  signal: AbortSignal,
): Promise<SearchResult> {
  const cachingDependencies = { ...dependencies, log: cacheRooms(dependencies.log) }
  const knownRooms = new Set<string>()
  const different: Different[] = []
  let checked = 0
  let cursor = request.cursor
  while (different.length < maxDifferences) {
    const page = await readPage(dependencies, request, cursor, signal)
    if (page === undefined) break
    const items =
      request.user_id === undefined
        ? await addImpliedRooms(dependencies, { items: page.items, cursor }, knownRooms, signal)
        : page.items
    const aggregates = items.map(({ aggregate }) => aggregate)
    const comparisons = await compareAll(cachingDependencies, aggregates, maxDifferences - different.length, signal)
    checked += comparisons.length
    different.push(...comparisons.filter(isDifferent))
    const isComplete = comparisons.length === items.length
    if (isComplete && page.next === null) return { checked, different, cursor: null }
    cursor = isComplete ? page.next : (items[comparisons.length - 1]?.cursor ?? cursor)
    if (!isComplete) break
  }
  if (cursor === request.cursor)
    throw new DeadlineExceededError('there was no time to read the list, or the first history in it')
  return { checked, different, cursor }
}

/**
 * Adds the rooms that have a state without events of their own, because people were in them (docs/decisions/0020). Each comes
 * before the first of its participants, with the cursor before that one: the search never passes a room without comparing it.
 *
 * @param knownRooms the rooms that were added or have events; extended.
 */
async function addImpliedRooms(
  { aggregates }: RebuildDependencies,
  { items, cursor }: { readonly items: readonly LoggedAggregate[]; readonly cursor: string | null },
  knownRooms: Set<string>,
  signal: AbortSignal,
): Promise<Item[]> {
  const firstByRoom = new Map<string, number>()
  for (const [index, { aggregate }] of items.entries())
    if (aggregate.kind === 'participant' && !knownRooms.has(aggregate.room_id)) {
      firstByRoom.set(aggregate.room_id, index)
      knownRooms.add(aggregate.room_id)
    }
  const implied = await pMap(
    firstByRoom,
    async ([room_id, index]) => {
      const room = { kind: 'room', room_id } as const
      if (await aggregates.hasEvents(room, signal)) return []
      return [{ index, room: { aggregate: room, cursor: items[index - 1]?.cursor ?? cursor } }]
    },
    { concurrency: queryConcurrency },
  )
  const roomsByIndex = Map.groupBy(implied.flat(), ({ index }) => index)
  return items.flatMap((item, index) => [...(roomsByIndex.get(index)?.map(({ room }) => room) ?? []), item])
}

/** @returns undefined if the signal aborted. */
async function readPage(
  dependencies: RebuildDependencies,
  request: RebuildRequest,
  cursor: string | null,
  signal: AbortSignal,
): Promise<LoggedAggregatePage | undefined> {
  try {
    return await orAbort(readSelection(dependencies, request, cursor, signal), signal)
  } catch (error) {
    if (signal.aborted) return undefined
    throw error
  }
}
