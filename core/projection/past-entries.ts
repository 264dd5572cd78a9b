import type { State, Step } from '../state/fold.ts'
import { timeKey, timeOfOrder } from '../state/order.ts'
import { type Recording, recordingKey } from '../state/recording.ts'
import type { PastSession } from '../state/session.ts'
import { canonicalText } from './canonical-text.ts'
import type { Checkpoint } from './checkpoints.ts'
import { findPastRecordings } from './past-recordings.ts'
import { findPastSessionChanges } from './past-sessions.ts'

/** A session or a recording that a later one of the same aggregate has followed. It is an item of its own. */
export type PastEntry = PastSession | Recording

/** A change of a past entry. Null removes it; `at` (ms) is then the time from which its retention counts. */
export type PastChange =
  | { readonly key: string; readonly entry: PastEntry }
  | { readonly key: string; readonly entry: null; readonly at: number }

export function isPastSession(entry: PastEntry): entry is PastSession {
  return 'joined_at' in entry
}

/** Identifies an entry among those of its aggregate. Sorting the keys sorts the entries by their start. */
export function pastEntryKey(entry: PastEntry): string {
  return isPastSession(entry) ? timeKey(entry.joined_at) : recordingKey(entry)
}

/** The past entries that this step of one aggregate's history adds, changes or removes. A later step can change them again. */
export function findPastChanges(step: Step): PastChange[] {
  if (step.after?.kind === 'recording') return findPastRecordings(step).map(toPastChange)
  return findPastSessionChanges(step).map(({ joined_at, session }) =>
    session === null ? { key: timeKey(joined_at), entry: null, at: joined_at } : toPastChange(session),
  )
}

/** Of several changes of one entry, the last counts. */
export function mergeChanges(changes: readonly PastChange[]): PastChange[] {
  return [...new Map(changes.map((change) => [change.key, change])).values()]
}

/** What a rebuild has found: the past entries that its steps added or changed, and the state before and after them. */
export type PastEntriesFound = {
  readonly entries: readonly PastEntry[]
  readonly before: State | undefined
  readonly after: State | undefined
}

/**
 * The changes that turn the stored past entries into the correct ones.
 *
 * @param since ms: stored entries that began earlier are not among those found, so they are kept.
 */
export function diffPastEntries(
  stored: readonly PastEntry[],
  { entries, before, after }: PastEntriesFound,
  since: number,
): PastChange[] {
  const storedByKey = new Map(stored.map((entry) => [pastEntryKey(entry), entry]))
  const known = before?.kind === 'recording' ? (before.earlier ?? []) : []
  const keys = new Set([...known, ...entries].map(pastEntryKey))
  const currentKey = after?.kind === 'recording' ? recordingKey(after) : undefined
  const changed = entries.filter(
    (entry) => canonicalText(storedByKey.get(pastEntryKey(entry))) !== canonicalText(entry),
  )
  const removed = stored.filter((entry) => {
    const key = pastEntryKey(entry)
    return key === currentKey || (startOf(entry) >= since && !keys.has(key))
  })
  return [
    ...changed.map(toPastChange),
    ...removed.map((entry) => ({ key: pastEntryKey(entry), entry: null, at: pastEntryTime(entry) })),
  ]
}

/** ms: past entries that began earlier than this were complete, or are part of the state, at the checkpoint. */
export function pastEntriesSince({ order, state }: Checkpoint): number {
  if (state?.kind !== 'participant') return timeOfOrder(order)
  const [oldest = state.session] = state.past_sessions ?? []
  return oldest?.joined_at ?? timeOfOrder(order)
}

/** The past entries of a state with which a rebuild starts, as far as later events may still show them to be otherwise. */
export function pastEntriesOf(state: State | undefined): PastChange[] {
  return state?.kind === 'participant' ? (state.past_sessions ?? []).map(toPastChange) : []
}

function toPastChange(entry: PastEntry): PastChange {
  return { key: pastEntryKey(entry), entry }
}

/** ms: when the entry changed last. Its retention counts from then. */
export function pastEntryTime(entry: PastEntry): number {
  return isPastSession(entry) ? entry.end.at : entry.last_event_at
}

/** ms: when the first event of the entry was received. */
function startOf(entry: PastEntry): number {
  return isPastSession(entry) ? entry.joined_at : entry.first_event_at
}
