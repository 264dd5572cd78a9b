import type { LoggedAggregatePage } from '../../core/ports/aggregate-reader.ts'
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
  const different: Different[] = []
  let checked = 0
  let cursor = request.cursor
  while (different.length < maxDifferences) {
    const page = await readPage(dependencies, request, cursor, signal)
    if (page === undefined) break
    const aggregates = page.items.map(({ aggregate }) => aggregate)
    const comparisons = await compareAll(cachingDependencies, aggregates, maxDifferences - different.length, signal)
    checked += comparisons.length
    different.push(...comparisons.filter(isDifferent))
    const isComplete = comparisons.length === page.items.length
    if (isComplete && page.next === null) return { checked, different, cursor: null }
    cursor = isComplete ? page.next : (page.items[comparisons.length - 1]?.cursor ?? cursor)
    if (!isComplete) break
  }
  if (cursor === request.cursor)
    throw new DeadlineExceededError('there was no time to read the list, or the first history in it')
  return { checked, different, cursor }
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
