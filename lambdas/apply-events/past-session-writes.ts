import type { ProjectionStore } from '../../core/ports/projection-store.ts'
import { diffPastSessions, type PastSessionChange } from '../../core/projection/past-sessions.ts'
import type { Projection } from '../../core/projection/projection.ts'

// A projection holds the last stay of a person in a room. Those before it are items of their own, written when the next one
// begins, or when a late event changes them. The projection that causes such a write names it (`pendingSessionWrites`) until the projection is
// written the next time. Each batch files what the projections of its people name before it is done, and before it writes over
// them, so that a crash in between loses nothing (docs/decisions/0013).

/** Writes what the projection says is to be written of past sessions; writing it again does no harm. */
export async function flushPastSessions(
  store: ProjectionStore,
  { aggregate, pendingSessionWrites, version }: Projection,
): Promise<void> {
  if (aggregate.kind !== 'participant') return
  for (const change of pendingSessionWrites) await store.upsertPastSession(aggregate, change, version)
}

/**
 * What a projection that was folded anew has to write: the differences between the past sessions of its history, which are in
 * `pendingSessionWrites`, and those that are written.
 *
 * @param since ms: the oldest event of the person that the log still has.
 */
export async function unfiledAfter(
  store: ProjectionStore,
  { aggregate, pendingSessionWrites }: Projection,
  since = Number.POSITIVE_INFINITY,
): Promise<readonly PastSessionChange[]> {
  if (aggregate.kind !== 'participant') return []
  const written = await store.readPastSessions(aggregate)
  const correct = pendingSessionWrites.flatMap(({ session }) => (session === null ? [] : [session]))
  return diffPastSessions(new Map(written.map((session) => [session.joined_at, session])), correct, since)
}
