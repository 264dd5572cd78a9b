import { type SessionChange, sessionChanges } from '../../core/state/sessions.ts'
import type { StateStore, View } from './stores.ts'

// A view holds the last stay of a person in a room. Those before it are items of their own, written when the next one
// begins, or when a late event changes them. The view that causes such a write names it (`unfiled`) until the view is
// written the next time. Each batch files what the views of its people name before it is done, and before it writes over
// them, so that a crash in between loses nothing (docs/decisions/0013).

/** Writes what the view says is to be written of past sessions; writing it again does no harm. */
export async function fileSessions(store: StateStore, { subject, unfiled, version }: View): Promise<void> {
  if (subject.kind !== 'participant') return
  for (const change of unfiled) await store.fileSession(subject, change, version)
}

/**
 * What a view that was folded anew has to write: the differences between the past sessions of its history, which are in
 * `unfiled`, and those that are written.
 *
 * @param since ms: the oldest event of the person that the log still has.
 */
export async function unfiledAfter(
  store: StateStore,
  { subject, unfiled }: View,
  since = Number.POSITIVE_INFINITY,
): Promise<readonly SessionChange[]> {
  if (subject.kind !== 'participant') return []
  const written = await store.readPastSessions(subject)
  const correct = unfiled.flatMap(({ session }) => (session === null ? [] : [session]))
  return sessionChanges(new Map(written.map((session) => [session.joined_at, session])), correct, since)
}
