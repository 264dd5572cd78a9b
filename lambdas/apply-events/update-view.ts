import { isDeepStrictEqual } from 'node:util'
import { announce, nothingAnnounced } from '../../core/alerting/announcements.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { changedLeaves } from '../../core/room-event.ts'
import type { AlertRules } from '../../core/state/box.ts'
import { type CloseMark, closesOf, closesSince, type KnownCloses } from '../../core/state/closes.ts'
import { history, type Step, steps } from '../../core/state/fold.ts'
import { orderKey, sortedBy } from '../../core/state/order.ts'
import { closeMatters, isPresent } from '../../core/state/participant.ts'
import { pastSessions } from '../../core/state/sessions.ts'
import { fileSessions, unfiledAfter } from './past-sessions.ts'
import { isRemembered, remember } from './remembered.ts'
import { type EventLog, emptyView, type StateStore, type View } from './stores.ts'

export type Dependencies = {
  readonly log: EventLog
  readonly store: StateStore
  readonly rules: AlertRules
  /** ms after which a batch gives up what is not applied yet, so that it can say so before the function's time is over. */
  readonly applyingMs?: number
}

/** What a view has to take in. */
export type News = {
  readonly fresh: readonly NorthboundEvent[]
  readonly doubtful: readonly NorthboundEvent[]
  /** For a participant: the closes of the room as far as the caller knows them. */
  readonly closes: KnownCloses
  /** Set where the past has changed in a way that the view cannot show: it is folded anew. */
  readonly anew?: boolean
}

export type Updated = {
  /** As it is stored. */
  readonly view: View
  /** What each of the caller's events did, where it was folded now. */
  readonly steps: readonly Step[]
  /** Leaves told before whose session these events changed. */
  readonly changed: readonly Step[]
}

/** Subjects of one batch whose views are brought up to date at once. */
export const viewsAtOnce = 16

/** Writers of one view at once are few (a batch a subject); more conflicts than this are a fault. */
const attempts = 10

/**
 * Brings a view up to date and stores it.
 *
 * The usual case, events later than all that is folded in, carries the stored state on. Everything else (a late
 * event, a copy that may not have been folded, a close in doubt) folds the whole stream again. Either way the
 * write holds only if nobody else wrote meanwhile; otherwise it starts over from what they wrote.
 *
 * @param view as last read; @throws where the stores fail or the conflicts do not end.
 */
export async function updateView(dependencies: Dependencies, view: View, news: News): Promise<Updated> {
  const { store } = dependencies
  let current = view
  for (let attempt = 0; attempt < attempts; attempt++) {
    // What it says is to be filed is said no more once it is written over.
    await fileSessions(store, current)
    // Whoever wrote meanwhile may have found our events in the log and folded them in.
    const next =
      (attempt === 0 && carriedOn(view, news, dependencies.rules)) || (await rebuilt(dependencies, current, news))
    if (isDeepStrictEqual(next.view, current)) return next
    if ((await store.write(next.view)) === 'written')
      return { ...next, view: { ...next.view, version: next.view.version + 1 } }
    const [stored] = await store.read([view.subject])
    current = stored ?? view
  }
  throw new Error(`the view of ${JSON.stringify(view.subject)} changed ${attempts} times while it was written`)
}

/** Whether there are closes of its room that a view, as it is stored, has to take in. */
export function isBehind(view: View, closes: KnownCloses): boolean {
  if (view.state?.kind !== 'participant' || view.state.session === null) return false
  const missing = missingCloses(view, closes, [])
  return missing === undefined || (missing.length > 0 && closeMatters(view.state))
}

/** The closes to carry the view on with, along with these events; undefined where it has to be folded anew. */
function missingCloses(
  { state, seen_close, watermark }: View,
  known: KnownCloses,
  fresh: readonly NorthboundEvent[],
): CloseMark[] | undefined {
  const person = state?.kind === 'participant' ? state : undefined
  const since = closesSince(seen_close, known)
  if (since !== undefined && (person?.session ?? null) !== null)
    return since.every((close) => close.order > watermark) ? since : undefined
  if (person !== undefined && closeMatters(person)) return undefined
  // Nobody is there whom a close could end, so only those after the first new event count. They must be known:
  // of a permanent room only the latest closes are, and somebody who comes back after long has seen none of them.
  const begin = sortedBy(fresh.map(orderKey), (key) => key)[0] ?? watermark
  const oldest = known.closes[0]?.order ?? ''
  const fits = seen_close === null || (known.closes_cut && seen_close.order < oldest)
  if (!fits || (known.closes_cut && begin < oldest && fresh.length > 0)) return undefined
  return known.closes.filter((close) => close.order > begin)
}

function carriedOn(
  view: View,
  { fresh, doubtful, closes: known, anew = false }: News,
  rules: AlertRules,
): Updated | undefined {
  const late = fresh.some((event) => orderKey(event) <= view.watermark)
  if (anew || late || doubtful.length > 0) return undefined
  const closes = missingCloses(view, known, fresh)
  if (closes === undefined || fresh.length + closes.length === 0) return undefined
  return folded(view, { base: view.state, events: fresh, closes, lastClose: known.closes.at(-1), seen: fresh }, rules)
}

async function rebuilt({ log, store, rules }: Dependencies, view: View, { fresh, doubtful }: News): Promise<Updated> {
  const { subject } = view
  const [events, closes] = await Promise.all([
    log.read(subject),
    subject.kind === 'participant' ? readCloses(log, subject.room_id) : [],
  ])
  const past = history(events)
  const lastClose = closes.at(-1)
  const seen = [...fresh, ...doubtful]
  if (lostItsBeginning(view.state, past)) {
    // The log cannot tell the whole any more. What is stored stays, and takes in what is new, late or not.
    const since = closes.filter((close) => close.order > view.watermark)
    const unseen = fresh.filter((event) => !isRemembered(view.remembered, event))
    const rest = { base: view.state, events: unseen, closes: since, lastClose, seen }
    return folded({ ...view, seen_close: null }, rest, rules)
  }
  const whole = { base: undefined, events: past, closes, lastClose, seen }
  const updated = folded({ ...view, watermark: '', seen_close: null }, whole, rules)
  const unfiled = await unfiledAfter(store, updated.view, past[0]?.received_at)
  return { ...updated, view: { ...updated.view, unfiled } }
}

/** Whether what is open or present began before the oldest event that the log still has: its retention is over. */
function lostItsBeginning(state: View['state'], past: readonly NorthboundEvent[]): boolean {
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
  readonly base: View['state']
  readonly events: readonly NorthboundEvent[]
  readonly closes: readonly CloseMark[]
  /** The last close of the room that is known. */
  readonly lastClose: CloseMark | undefined
  /** The events that this batch brought. */
  readonly seen: readonly NorthboundEvent[]
}

function folded(view: View, { base, events, closes, lastClose, seen }: Folding, rules: AlertRules): Updated {
  const all = steps(base, events, closes, rules)
  const last = all.at(-1)
  const keys = [view.watermark, ...events.map(orderKey), ...closes.map((close) => close.order)]
  const own = ofTheBatch(all, seen)
  const next: View = {
    ...view,
    state: last === undefined ? base : last.after,
    seen_close: lastClose === undefined ? view.seen_close : { order: lastClose.order, chain: lastClose.chain },
    // What was unfiled before is written by now.
    unfiled: pastSessions(all).map((session) => ({ joined_at: session.joined_at, session })),
    announcements: view.subject.kind === 'box' ? announce(view.announcements ?? nothingAnnounced, own, rules) : null,
    watermark: sortedBy(keys, (key) => key).at(-1) ?? '',
    remembered: remember(view.remembered, sortedBy(seen, orderKey)),
  }
  const others = new Set(own.filter((step) => countsIn(step, seen)).map(({ event }) => event))
  const rest = events.filter((event) => !others.has(event))
  const changed =
    view.subject.kind === 'participant' && rest.length > 0 ? changedLeaves(all, steps(base, rest, closes, rules)) : []
  return { view: next, steps: own, changed: changed.filter((step) => !own.includes(step)) }
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
  { subject }: View,
  seen: readonly NorthboundEvent[],
): Promise<Pick<Updated, 'steps' | 'changed'>> {
  if (subject.kind !== 'participant') return { steps: [], changed: [] }
  const [events, closes] = await Promise.all([log.read(subject), readCloses(log, subject.room_id)])
  const whole = { base: undefined, events: history(events), closes, lastClose: undefined, seen }
  return folded(emptyView(subject), whole, rules)
}
