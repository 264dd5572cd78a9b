import { isDeepStrictEqual } from 'node:util'
import type { ProjectionUpdate } from '../../core/projection/fold-into.ts'
import { type ProjectionInput, project, rebuild, replay } from '../../core/projection/project.ts'
import type { Projection } from '../../core/projection/projection.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { historyOf } from '../../core/state/fold.ts'
import { readCloses, readHistory } from '../read-history.ts'
import type { ApplyDependencies } from './dependencies.ts'

/** Number of projections of one batch that are updated in parallel. */
export const projectionConcurrency = 16

/** One projection has few concurrent writers (one per batch), so more conflicts than this are a fault. */
const maxAttempts = 10

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
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    // The next write drops the pending session writes of this version, so they are made first.
    await flushPastSessions(dependencies, current, signal)
    // After a conflict the history is needed: the other writer may have found and applied our events.
    const incremental = attempt === 0 ? project(current, input, rules) : 'needs_history'
    const update =
      incremental === 'needs_history'
        ? rebuild(current, await readHistory(dependencies, current.aggregate, signal), input, rules)
        : incremental
    if (isDeepStrictEqual(update.projection, current)) return update
    if ((await store.write(update.projection, signal)) === 'written')
      return { ...update, projection: { ...update.projection, version: update.projection.version + 1 } }
    const [stored] = await store.read([projection.aggregate], signal)
    current = stored ?? projection
  }
  throw new Error(
    `the projection of ${JSON.stringify(projection.aggregate)} changed ${maxAttempts} times while it was written`,
  )
}

/**
 * Makes the pending session writes of a projection; repeating them has no effect (docs/decisions/0013).
 *
 * A projection holds the last session of a participant, and earlier sessions are items of their own. The version that
 * replaces a session names it in `pendingSessionWrites` until the projection is written the next time. Every batch makes
 * these writes before it finishes and before it overwrites the projection, so a crash in between loses nothing.
 */
export async function flushPastSessions(
  { store }: ApplyDependencies,
  { aggregate, pendingSessionWrites, version }: Projection,
  signal: AbortSignal,
): Promise<void> {
  if (aggregate.kind !== 'participant') return
  for (const change of pendingSessionWrites) await store.upsertPastSession(aggregate, change, version, signal)
}

/** Determines the steps of a participant's events that were applied earlier. */
export async function replayHistory(
  { log, rules }: ApplyDependencies,
  { aggregate }: Projection,
  seen: readonly NorthboundEvent[],
  signal: AbortSignal,
): Promise<Pick<ProjectionUpdate, 'steps' | 'changedLeaves'>> {
  if (aggregate.kind !== 'participant') return { steps: [], changedLeaves: [] }
  const [events, closes] = await Promise.all([
    log.read(aggregate, signal),
    readCloses({ log }, aggregate.room_id, signal),
  ])
  return replay(aggregate, { events: historyOf(events), closes }, seen, rules)
}
