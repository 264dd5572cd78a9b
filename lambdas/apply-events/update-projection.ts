import { isDeepStrictEqual } from 'node:util'
import pMap from 'p-map'
import type { ProjectionUpdate } from '../../core/projection/fold-into.ts'
import { limitPendingWrites } from '../../core/projection/limit-pending-writes.ts'
import {
  findRebuildStart,
  markRoom,
  mayHaveApplied,
  type ProjectionInput,
  project,
  rebuild,
  replay,
  type SeenBefore,
} from '../../core/projection/project.ts'
import { isOutdated, type Projection } from '../../core/projection/projection.ts'
import { isRecurring } from '../../core/state/aggregate.ts'
import { orderKey } from '../../core/state/order.ts'
import { readHistory, readReplayedHistory } from '../read-history.ts'
import type { ApplyDependencies } from './dependencies.ts'

/** Number of projections of one batch that are updated in parallel. */
export const projectionConcurrency = 16

/** Number of pending writes of one projection that are made in parallel. */
const writeConcurrency = 16
/** One projection has few concurrent writers (one per batch), so more conflicts than this are a fault. */
const maxConflicts = 10

/**
 * Brings a projection up to date and stores it.
 *
 * Usually the events are later than everything applied so far, and the stored state is continued. Otherwise the whole
 * stream is folded again. The write succeeds only if the projection has not been written since it was read;
 * after a conflict the update starts over from what is stored.
 *
 * @param projection as last read.
 * @returns the update, with the projection as it is stored now.
 * @throws if a store fails or the conflicts do not end.
 */
export async function updateProjection(
  dependencies: ApplyDependencies,
  projection: Projection,
  input: ProjectionInput,
  signal: AbortSignal,
): Promise<ProjectionUpdate> {
  const { store, rules } = dependencies
  let current = projection
  for (let conflicts = 0; conflicts < maxConflicts; ) {
    // The next write drops the pending writes of this version, so they are made first.
    await flushPendingWrites(dependencies, current, signal)
    // Another writer may have found our events in the log, perhaps at another time, and applied them.
    const mayBeApplied = conflicts > 0 && mayHaveApplied(projection, current, input.appended)
    const incremental = mayBeApplied ? 'needs_history' : project(current, input, rules)
    const folded = incremental === 'needs_history' ? await foldAgain(dependencies, current, input, signal) : incremental
    const update = { ...folded, projection: limitPendingWrites(folded.projection) }
    // After a replacement in the log, a batch that applies the replaced event at the same time must find another version.
    const hasReplacements = (input.replacements ?? []).length > 0
    if (!hasReplacements && isDeepStrictEqual({ ...update.projection, refolds: current.refolds }, current))
      return update
    if ((await store.write(update.projection, signal)) === 'written') {
      current = { ...update.projection, version: update.projection.version + 1 }
      // An outdated projection holds a part of its pending writes only; the next rebuild finds the others.
      if (!isOutdated(current)) return { ...update, projection: current }
    } else {
      const [stored] = await store.read([projection.aggregate], signal)
      current = stored ?? projection
      conflicts++
    }
  }
  throw new Error(
    `the projection of ${JSON.stringify(projection.aggregate)} changed ${maxConflicts} times while it was written`,
  )
}

async function foldAgain(
  dependencies: ApplyDependencies,
  projection: Projection,
  input: ProjectionInput,
  signal: AbortSignal,
): Promise<ProjectionUpdate> {
  const from = findRebuildStart(projection, input)
  const history = await readHistory(dependencies, projection, from, signal)
  // What people imply is not in the log of the room.
  return markRoom(rebuild(projection, history, input, dependencies.rules))
}

/**
 * Makes the pending writes of a projection; repeating them has no effect (docs/decisions/0013).
 *
 * A projection holds the last session of a participant or the last recording of an exporter; earlier ones, and the
 * checkpoints of every aggregate, are items of their own. The version that changes them names the changes until the projection is written the next time. Every batch makes
 * these writes before it finishes and before it overwrites the projection, so a crash in between loses nothing.
 */
export async function flushPendingWrites(
  { store }: ApplyDependencies,
  { aggregate, pendingPastWrites, pendingCheckpoints, version }: Projection,
  signal: AbortSignal,
): Promise<void> {
  await pMap(pendingCheckpoints, (change) => store.upsertCheckpoint(aggregate, change, version, signal), {
    concurrency: writeConcurrency,
  })
  if (!isRecurring(aggregate)) return
  await pMap(pendingPastWrites, (change) => store.upsertPastEntry(aggregate, change, version, signal), {
    concurrency: writeConcurrency,
  })
}

/** Determines the steps of a participant's events that were applied earlier, and the ends of sessions that they changed. */
export async function replayHistory(
  dependencies: ApplyDependencies,
  projection: Pick<Projection, 'aggregate' | 'watermark'>,
  seenBefore: SeenBefore,
  signal: AbortSignal,
): Promise<Pick<ProjectionUpdate, 'steps' | 'changedEnds'>> {
  if (projection.aggregate.kind !== 'participant') return { steps: [], changedEnds: [] }
  const { seen, seenCloses = [], replacedFrom } = seenBefore
  const orders = [...seen.map(orderKey), ...seenCloses, ...(replacedFrom === undefined ? [] : [replacedFrom])]
  const [from] = orders.sort()
  const history = await readReplayedHistory(dependencies, projection, from, signal)
  return replay(projection.aggregate, history, seenBefore, dependencies.rules)
}
