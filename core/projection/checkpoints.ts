import type { State } from '../state/fold.ts'
import { timeOfOrder } from '../state/order.ts'
import { canonicalText } from './canonical-text.ts'

// A rebuild must not depend on events that the log no longer has. So a stream keeps checkpoints: its state at the end of each
// period in which it had events. Events can be late by at most 25 days, and a period is so short that the log still has every
// event after the checkpoint from which a late event is folded (docs/decisions/0027).

const dayMs = 86_400_000

/** Days by which an event can be late: 10 in the queue and 14 among the dead letters, rounded up. */
export const maxLateDays = 25
/** Longer periods would save little. */
const maxPeriodDays = 25

export type RetentionRules = {
  /** Days for which the log keeps an event; at least 30. */
  readonly retentionDays: number
}

/** The state of an aggregate after everything up to and including `order`. */
export type Checkpoint = {
  /** The order key of the last event or close before the end of the period. */
  readonly order: string
  readonly state: State | null
  /** ms: the first event or close of the next period. The checkpoint is needed for a retention after it. */
  readonly next_at: number
}

/** A change of the checkpoint at `at` (ms). Null removes it. */
export type CheckpointChange = { readonly at: number; readonly checkpoint: Checkpoint | null }

/** Where a rebuild starts. `stored`: at the stored state, because the log no longer has all older events. */
export type Base = Checkpoint | 'beginning' | 'stored'

function periodMs({ retentionDays }: RetentionRules): number {
  return Math.min(maxPeriodDays, Math.max(1, retentionDays - maxLateDays)) * dayMs
}

function periodOf(order: string, rules: RetentionRules): number {
  return Math.floor(timeOfOrder(order) / periodMs(rules))
}

/** Whether a stream enters a new period with the second of two consecutive order keys. The first is empty at its beginning. */
export function entersPeriod(before: string, order: string, rules: RetentionRules): boolean {
  return before !== '' && periodOf(order, rules) > periodOf(before, rules)
}

/** Whether an event received at `at` (ms) can only be applied if the log still has the events around it. */
export function isBeyondLateness(at: number, now: number): boolean {
  return at < now - maxLateDays * dayMs
}

type StoredHistory = {
  /** In order. */
  readonly checkpoints: readonly Checkpoint[]
  readonly watermark: string
  /** ms */
  readonly now: number
}

/**
 * Chooses where to start a rebuild that concerns everything from `from` on.
 *
 * @param from an order key; undefined if any event may be concerned.
 */
export function chooseBase(from: string | undefined, history: StoredHistory, rules: RetentionRules): Base {
  const complete = ['beginning' as const, ...history.checkpoints].filter((base) => isComplete(base, history, rules))
  const [oldest = 'stored'] = complete
  if (from === undefined) return oldest
  return complete.findLast((base) => base === 'beginning' || base.order < from) ?? oldest
}

/** Whether an event can be applied at its place in the order, given its order key. */
export function canApply(order: string, history: StoredHistory, rules: RetentionRules): boolean {
  if (order > history.watermark) return true
  const base = chooseBase(order, history, rules)
  return base === 'beginning' || (base !== 'stored' && base.order < order)
}

/** Whether the log still has all events after the base. They begin in the period of the next checkpoint. */
function isComplete(
  base: Checkpoint | 'beginning',
  { checkpoints, watermark, now }: StoredHistory,
  rules: RetentionRules,
): boolean {
  const next = base === 'beginning' ? checkpoints[0] : checkpoints.find(({ order }) => order > base.order)
  const order = next?.order ?? watermark
  return order === '' || periodOf(order, rules) * periodMs(rules) >= now - rules.retentionDays * dayMs
}

/** The changes that turn the stored checkpoints after a base into the correct ones. */
export function diffCheckpoints(stored: readonly Checkpoint[], correct: readonly Checkpoint[]): CheckpointChange[] {
  const keyOf = ({ order }: Checkpoint) => timeOfOrder(order)
  const storedByTime = new Map(stored.map((checkpoint) => [keyOf(checkpoint), checkpoint]))
  const times = new Set(correct.map(keyOf))
  const changed = correct.filter(
    (checkpoint) => canonicalText(storedByTime.get(keyOf(checkpoint))) !== canonicalText(checkpoint),
  )
  return [
    ...changed.map((checkpoint) => ({ at: keyOf(checkpoint), checkpoint })),
    ...[...storedByTime.keys()].filter((at) => !times.has(at)).map((at) => ({ at, checkpoint: null })),
  ]
}
