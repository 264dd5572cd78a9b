import pMap from 'p-map'
import type { EventLog } from '../core/ports/event-log.ts'
import type { Page } from '../core/ports/page.ts'
import type { ProjectionStore } from '../core/ports/projection-store.ts'
import { isPastSession } from '../core/projection/past-entries.ts'
import type { Projection } from '../core/projection/projection.ts'
import type { NorthboundEvent } from '../core/protocol/events.ts'
import type { AggregateId } from '../core/state/aggregate.ts'
import type { KnownCloses } from '../core/state/closes.ts'
import { type ActivityWindow, isActivity, isInWindow } from '../core/state/fold-room.ts'
import { type Occupancy, occupancyOf } from '../core/state/occupancy.ts'
import { orderKey, timeOfOrder } from '../core/state/order.ts'
import type { HistoryStores } from './read-history.ts'

const updateConcurrency = 16
const logConcurrency = 8

export type People = { readonly participants: readonly Projection[]; readonly occupancies: readonly Occupancy[] }

/** @returns the participant with its sessions ended at the closes of the room. */
export type EndSessions = (projection: Projection, closes: KnownCloses) => Promise<Projection>

/** Reads everybody who has been in the room since a time (ms), with their sessions. */
export async function readPeople(
  store: ProjectionStore,
  roomId: string,
  { since, closes }: { readonly since: number; readonly closes: KnownCloses },
  endSessions: EndSessions,
  signal: AbortSignal,
): Promise<People> {
  const from = Math.max(0, since)
  const participants: Projection[] = []
  let cursor: string | null = null
  do {
    const page: Page<Projection> = await store.readCloseCandidates(roomId, { since: from, cursor }, signal)
    const upToDate = await pMap(page.items, (projection) => endSessions(projection, closes), {
      concurrency: updateConcurrency,
    })
    participants.push(...upToDate)
    cursor = page.cursor
  } while (cursor !== null)
  // After the projections: a session may become a past one in between, and is then read twice instead of never.
  const past = await store.readPastSessionsOfRoom(roomId, from, signal)
  return { participants, occupancies: mergeOccupancies(past, participants) }
}

/** The sessions in the projections are newer than the stored past sessions that began at the same time. */
function mergeOccupancies(past: readonly Occupancy[], participants: readonly Projection[]): Occupancy[] {
  const byStart = new Map<string, Occupancy>()
  const keyOf = (user_id: string, joined_at: number) => JSON.stringify([user_id, joined_at])
  for (const occupancy of past) byStart.set(keyOf(occupancy.user_id, occupancy.joined_at), occupancy)
  for (const { aggregate, state, pendingPastWrites } of participants) {
    if (aggregate.kind !== 'participant' || state?.kind !== 'participant') continue
    const { user_id } = aggregate
    for (const { key, entry } of pendingPastWrites) {
      if (entry === null) byStart.delete(keyOf(user_id, timeOfOrder(key)))
      else if (isPastSession(entry)) byStart.set(keyOf(user_id, entry.joined_at), occupancyOf(user_id, entry))
    }
    if (state.session !== null)
      byStart.set(keyOf(user_id, state.session.joined_at), occupancyOf(user_id, state.session))
  }
  return [...byStart.values()]
}

/** Whether a genuine event of a participant or a recording is in the window. */
export async function hasActivity(
  { log, store }: Pick<HistoryStores, 'log' | 'store'>,
  roomId: string,
  participants: readonly Projection[],
  window: ActivityWindow,
  signal: AbortSignal,
): Promise<boolean> {
  const recordings = await store.readRecordings(roomId, signal)
  const active = [...participants, ...recordings].filter(({ watermark }) => watermark > window.after)
  for (let index = 0; index < active.length; index += logConcurrency) {
    const streams = active.slice(index, index + logConcurrency)
    const isWanted = (event: NorthboundEvent) => isActivity(event) && isInWindow(orderKey(event), window)
    const hasWanted = streams.map(({ aggregate }) =>
      hasEvent(log, aggregate, timeOfOrder(window.after), isWanted, signal),
    )
    if ((await Promise.all(hasWanted)).includes(true)) return true
  }
  return false
}

async function hasEvent(
  log: EventLog,
  aggregate: AggregateId,
  since: number,
  isWanted: (event: NorthboundEvent) => boolean,
  signal: AbortSignal,
): Promise<boolean> {
  let isFound = false
  await log.visit(
    aggregate,
    since,
    (event) => {
      isFound ||= isWanted(event)
    },
    signal,
  )
  return isFound
}
