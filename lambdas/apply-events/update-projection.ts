import { isDeepStrictEqual } from 'node:util'
import { announce, emptyOutbox } from '../../core/notifications/alert-outbox.ts'
import { findChangedLeaves } from '../../core/notifications/room-event.ts'
import type { EventLog } from '../../core/ports/event-log.ts'
import type { ProjectionStore } from '../../core/ports/projection-store.ts'
import { collectPastSessions } from '../../core/projection/past-sessions.ts'
import { emptyProjection, type Projection } from '../../core/projection/projection.ts'
import { isRecent, remember } from '../../core/projection/recent-events.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import type { AlertRules } from '../../core/state/box.ts'
import { type CloseMark, closesOf, closesSince, type KnownCloses } from '../../core/state/closes.ts'
import { history, type Step, steps } from '../../core/state/fold.ts'
import { orderKey, sortBy } from '../../core/state/order.ts'
import { canBeEndedByClose, isPresent } from '../../core/state/participant.ts'
import { flushPastSessions, unfiledAfter } from './past-session-writes.ts'

export type Dependencies = {
  readonly log: EventLog
  readonly store: ProjectionStore
  readonly rules: AlertRules
  /** ms after which a batch gives up what is not applied yet, so that it can say so before the function's time is over. */
  readonly applyingMs?: number
}

/** What a projection has to take in. */
export type News = {
  readonly appended: readonly NorthboundEvent[]
  readonly unconfirmedDuplicates: readonly NorthboundEvent[]
  /** For a participant: the closes of the room as far as the caller knows them. */
  readonly closes: KnownCloses
  /** Set where the past has changed in a way that the projection cannot show: it is folded anew. */
  readonly anew?: boolean
}

export type Updated = {
  /** As it is stored. */
  readonly projection: Projection
  /** What each of the caller's events did, where it was folded now. */
  readonly steps: readonly Step[]
  /** Leaves told before whose session these events changed. */
  readonly changed: readonly Step[]
}

/** Subjects of one batch whose projections are brought up to date at once. */
export const projectionConcurrency = 16

/** Writers of one projection at once are few (a batch a aggregate); more conflicts than this are a fault. */
const attempts = 10

/**
 * Brings a projection up to date and stores it.
 *
 * The usual case, events later than all that is folded in, carries the stored state on. Everything else (a late
 * event, a copy that may not have been folded, a close in doubt) folds the whole stream again. Either way the
 * write holds only if nobody else wrote meanwhile; otherwise it starts over from what they wrote.
 *
 * @param projection as last read; @throws where the stores fail or the conflicts do not end.
 */
export async function updateProjection(
  dependencies: Dependencies,
  projection: Projection,
  news: News,
): Promise<Updated> {
  const { store } = dependencies
  let current = projection
  for (let attempt = 0; attempt < attempts; attempt++) {
    // What it says is to be filed is said no more once it is written over.
    await flushPastSessions(store, current)
    // Whoever wrote meanwhile may have found our events in the log and folded them in.
    const next =
      (attempt === 0 && tryIncremental(projection, news, dependencies.rules)) ||
      (await rebuilt(dependencies, current, news))
    if (isDeepStrictEqual(next.projection, current)) return next
    if ((await store.write(next.projection)) === 'written')
      return { ...next, projection: { ...next.projection, version: next.projection.version + 1 } }
    const [stored] = await store.read([projection.aggregate])
    current = stored ?? projection
  }
  throw new Error(
    `the projection of ${JSON.stringify(projection.aggregate)} changed ${attempts} times while it was written`,
  )
}

/** Whether there are closes of its room that a projection, as it is stored, has to take in. */
export function isBehind(projection: Projection, closes: KnownCloses): boolean {
  if (projection.state?.kind !== 'participant' || projection.state.session === null) return false
  const missing = missingCloses(projection, closes, [])
  return missing === undefined || (missing.length > 0 && canBeEndedByClose(projection.state))
}

/** The closes to carry the projection on with, along with these events; undefined where it has to be folded anew. */
function missingCloses(
  { state, seenClose, watermark }: Projection,
  known: KnownCloses,
  appended: readonly NorthboundEvent[],
): CloseMark[] | undefined {
  const person = state?.kind === 'participant' ? state : undefined
  const since = closesSince(seenClose, known)
  if (since !== undefined && (person?.session ?? null) !== null)
    return since.every((close) => close.order > watermark) ? since : undefined
  if (person !== undefined && canBeEndedByClose(person)) return undefined
  // Nobody is there whom a close could end, so only those after the first new event count. They must be known:
  // of a permanent room only the latest closes are, and somebody who comes back after long has seen none of them.
  const begin = sortBy(appended.map(orderKey), (key) => key)[0] ?? watermark
  const oldest = known.closes[0]?.order ?? ''
  const fits = seenClose === null || (known.closes_cut && seenClose.order < oldest)
  if (!fits || (known.closes_cut && begin < oldest && appended.length > 0)) return undefined
  return known.closes.filter((close) => close.order > begin)
}

function tryIncremental(
  projection: Projection,
  { appended, unconfirmedDuplicates, closes: known, anew = false }: News,
  rules: AlertRules,
): Updated | undefined {
  const late = appended.some((event) => orderKey(event) <= projection.watermark)
  if (anew || late || unconfirmedDuplicates.length > 0) return undefined
  const closes = missingCloses(projection, known, appended)
  if (closes === undefined || appended.length + closes.length === 0) return undefined
  return folded(
    projection,
    { base: projection.state, events: appended, closes, lastClose: known.closes.at(-1), seen: appended },
    rules,
  )
}

async function rebuilt(
  { log, store, rules }: Dependencies,
  projection: Projection,
  { appended, unconfirmedDuplicates }: News,
): Promise<Updated> {
  const { aggregate } = projection
  const [events, closes] = await Promise.all([
    log.read(aggregate),
    aggregate.kind === 'participant' ? readCloses(log, aggregate.room_id) : [],
  ])
  const past = history(events)
  const lastClose = closes.at(-1)
  const seen = [...appended, ...unconfirmedDuplicates]
  if (lostItsBeginning(projection.state, past)) {
    // The log cannot tell the whole any more. What is stored stays, and takes in what is new, late or not.
    const since = closes.filter((close) => close.order > projection.watermark)
    const unseen = appended.filter((event) => !isRecent(projection.recentEvents, event))
    const rest = { base: projection.state, events: unseen, closes: since, lastClose, seen }
    return folded({ ...projection, seenClose: null }, rest, rules)
  }
  const whole = { base: undefined, events: past, closes, lastClose, seen }
  const updated = folded({ ...projection, watermark: '', seenClose: null }, whole, rules)
  const pendingSessionWrites = await unfiledAfter(store, updated.projection, past[0]?.received_at)
  return { ...updated, projection: { ...updated.projection, pendingSessionWrites } }
}

/** Whether what is open or present began before the oldest event that the log still has: its retention is over. */
function lostItsBeginning(state: Projection['state'], past: readonly NorthboundEvent[]): boolean {
  const oldest = past[0]?.received_at ?? Number.POSITIVE_INFINITY
  if (state?.kind === 'room') return state.status === 'open' && (state.opened_at ?? oldest) < oldest
  if (state?.kind === 'participant') return isPresent(state) && (state.session?.joined_at ?? oldest) < oldest
  return false
}

/** All closes of a room, in order. */
export async function readCloses(log: EventLog, roomId: string): Promise<CloseMark[]> {
  return closesOf(history(await log.read({ kind: 'room', room_id: roomId })))
}

type Folding = {
  /** The state to begin with. */
  readonly base: Projection['state']
  readonly events: readonly NorthboundEvent[]
  readonly closes: readonly CloseMark[]
  /** The last close of the room that is known. */
  readonly lastClose: CloseMark | undefined
  /** The events that this batch brought. */
  readonly seen: readonly NorthboundEvent[]
}

function folded(
  projection: Projection,
  { base, events, closes, lastClose, seen }: Folding,
  rules: AlertRules,
): Updated {
  const all = steps(base, events, closes, rules)
  const last = all.at(-1)
  const keys = [projection.watermark, ...events.map(orderKey), ...closes.map((close) => close.order)]
  const own = ofTheBatch(all, seen)
  const next: Projection = {
    ...projection,
    state: last === undefined ? base : last.after,
    seenClose: lastClose === undefined ? projection.seenClose : { order: lastClose.order, chain: lastClose.chain },
    // What was pendingSessionWrites before is written by now.
    pendingSessionWrites: collectPastSessions(all).map((session) => ({ joined_at: session.joined_at, session })),
    alertOutbox:
      projection.aggregate.kind === 'box' ? announce(projection.alertOutbox ?? emptyOutbox, own, rules) : null,
    watermark: sortBy(keys, (key) => key).at(-1) ?? '',
    recentEvents: remember(projection.recentEvents, sortBy(seen, orderKey)),
  }
  const others = new Set(own.filter((step) => countsIn(step, seen)).map(({ event }) => event))
  const rest = events.filter((event) => !others.has(event))
  const changed =
    projection.aggregate.kind === 'participant' && rest.length > 0
      ? findChangedLeaves(all, steps(base, rest, closes, rules))
      : []
  return { projection: next, steps: own, changed: changed.filter((step) => !own.includes(step)) }
}

function ofTheBatch(all: readonly Step[], seen: readonly NorthboundEvent[]): Step[] {
  const brought = new Set(seen.map(({ trace_id }) => trace_id))
  return all.filter(({ event }) => event !== undefined && brought.has(event.trace_id))
}

/** Whether the batch brought the copy that counts, the one received first. */
function countsIn({ event }: Step, seen: readonly NorthboundEvent[]): boolean {
  return seen.some(({ trace_id, received_at }) => trace_id === event?.trace_id && received_at === event.received_at)
}

/** The same for events of one person that were folded before: what only their whole history tells. */
export async function stepsInHistory(
  { log, rules }: Dependencies,
  { aggregate }: Projection,
  seen: readonly NorthboundEvent[],
): Promise<Pick<Updated, 'steps' | 'changed'>> {
  if (aggregate.kind !== 'participant') return { steps: [], changed: [] }
  const [events, closes] = await Promise.all([log.read(aggregate), readCloses(log, aggregate.room_id)])
  const whole = { base: undefined, events: history(events), closes, lastClose: undefined, seen }
  return folded(emptyProjection(aggregate), whole, rules)
}
