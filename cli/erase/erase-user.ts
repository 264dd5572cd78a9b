import { recordErasure, TooManyErasuresError, writeErasureAudit } from '../../adapters/dynamodb/erasure-store.ts'
import { CliError } from '../cli-error.ts'
import type { Findings } from './findings.ts'
import { countItems, createFindings } from './findings.ts'
import { searchUser, type UserTables } from './search-user.ts'

export interface EraseSteps {
  readonly tables: UserTables
  readonly userId: string
  /** ms: what was received until then is erased. */
  readonly at: number
  readonly caller: string
  /** How long to wait until every function knows of the erasure, ms. */
  readonly waitMs: number
  readonly signal: AbortSignal
  /** Starts the progress of a step. */
  readonly show: (step: 'erase' | 'check') => { update(done: number): void; stop(): void }
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>
  /** Has rooms, and participations of the person in rooms, folded again. */
  readonly rebuild: (rooms: readonly string[], participations: readonly string[]) => Promise<void>
}

export interface ErasureResult {
  readonly hash: string
  /** All that was erased. */
  readonly erased: Findings
  /** What the last search found. */
  readonly last: Findings
}

/** ms that a function may take which read the data before they were erased. */
const maxInvocationMs = 65_000
/** ms between two searches. A room may be folded again meanwhile. */
const pauseMs = 2_000
const maxSearches = 6

/**
 * Erases what is stored about a person (docs/decisions/0061). Stopped at any point, it can be executed again.
 *
 * @param progress filled with what has been erased so far.
 * @throws CliError if something is still found after several searches.
 */
export async function eraseUser(steps: EraseSteps, erased: Findings = createFindings()): Promise<ErasureResult> {
  const { tables, userId, at, caller, waitMs, signal, wait } = steps
  const { client, stateTable } = tables
  const hash = await record(steps)
  await writeErasureAudit(client, stateTable, { caller, hash, at, status: 'started', counts: {} }, signal)
  await wait(waitMs, signal)
  await search(steps, 'erase_all', erased)
  let rebuilt = await rebuildFor(steps, erased, new Set())
  await wait(Math.min(waitMs, maxInvocationMs), signal)
  for (let searches = 0; searches < maxSearches; searches++) {
    const last = await search(steps, 'erase_rest', createFindings())
    for (const [kind, count] of Object.entries(last.counts)) erased.counts[kind as keyof typeof last.counts] += count
    rebuilt = await rebuildFor(steps, last, rebuilt)
    if (countItems(last) === 0) {
      await writeErasureAudit(
        client,
        stateTable,
        { caller, hash, at, status: 'finished', counts: erased.counts },
        signal,
      )
      return { hash, erased, last }
    }
    await wait(pauseMs, signal)
  }
  throw new CliError({
    en: `data of ${JSON.stringify(userId)} are still found after ${maxSearches} searches: execute the command again`,
    zh: `搜索 ${maxSearches} 次后仍能找到 ${JSON.stringify(userId)} 的数据：请重新执行本命令`,
  })
}

async function record({ tables, userId, at, signal }: EraseSteps): Promise<string> {
  try {
    return await recordErasure(tables.client, tables.stateTable, { userId, at }, signal)
  } catch (error) {
    if (!(error instanceof TooManyErasuresError)) throw error
    throw new CliError({
      en: 'more than 4,000 people were erased within 25 days: continue when the first of them are older',
      zh: '25 天内已删除 4,000 名用户的数据：请等最早的记录过期后再继续',
    })
  }
}

async function search(
  { tables, userId, at, signal, show }: EraseSteps,
  mode: 'erase_all' | 'erase_rest',
  findings: Findings,
): Promise<Findings> {
  const progress = show(mode === 'erase_all' ? 'erase' : 'check')
  try {
    const onScanned = (count: number) => progress.update(count)
    return await searchUser(tables, { userId, at }, { mode, signal, onScanned, findings })
  } finally {
    progress.stop()
  }
}

/** @returns the rooms in which the person's new events have been folded again. */
async function rebuildFor(
  { rebuild }: EraseSteps,
  { rooms, laterRooms }: Findings,
  rebuilt: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const participations = [...laterRooms].filter((room) => !rebuilt.has(room))
  if (rooms.size + participations.length > 0) await rebuild([...rooms], participations)
  return new Set([...rebuilt, ...participations])
}
