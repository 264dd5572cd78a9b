import { isDeepStrictEqual } from 'node:util'
import pMap from 'p-map'
import type { EventLog } from '../../core/ports/event-log.ts'
import type { Page } from '../../core/ports/page.ts'
import type { Checkpoint, CheckpointChange } from '../../core/projection/checkpoints.ts'
import { isMissingCloses } from '../../core/projection/missing-closes.ts'
import { startOf } from '../../core/projection/project.ts'
import type { Projection } from '../../core/projection/projection.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import type { AggregateId } from '../../core/state/aggregate.ts'
import { type CloseMark, continueCloses } from '../../core/state/closes.ts'
import { historyOf, type State } from '../../core/state/fold.ts'
import {
  type ActivityWindow,
  type FoldedRoom,
  findRelevantTime,
  foldRoom,
  isActivity,
  isInWindow,
} from '../../core/state/fold-room.ts'
import { type Occupancy, occupancyOf } from '../../core/state/occupancy.ts'
import { orderKey, timeOfOrder } from '../../core/state/order.ts'
import type { RoomState } from '../../core/state/room.ts'
import { readHistory } from '../read-history.ts'
import type { ApplyDependencies } from './dependencies.ts'
import { flushPendingWrites, projectionConcurrency, updateProjection } from './update-projection.ts'

const maxRounds = 10
const logConcurrency = 8

/**
 * Folds a room together with its participants and stores the result (docs/decisions/0020).
 *
 * The room is read before everything that it depends on, and read again after each write: whoever writes last, the room or a
 * participant, sees the other.
 *
 * @throws if the room keeps changing.
 */
export async function settleRoom(dependencies: ApplyDependencies, room_id: string, signal: AbortSignal): Promise<void> {
  const { store } = dependencies
  const aggregate = { kind: 'room', room_id } as const
  for (let round = 0; round < maxRounds; round++) {
    const [stored] = await store.read([aggregate], signal)
    if (stored === undefined) return
    // A checkpoint may still be pending, and the next write would drop it.
    await flushPendingWrites(dependencies, stored, signal)
    const { state, pendingCheckpoints } = await foldStoredRoom(dependencies, stored, room_id, signal)
    if (isDeepStrictEqual(state, stored.state) && pendingCheckpoints.length === 0) return
    await store.write({ ...stored, state, pendingCheckpoints }, signal)
  }
  throw new Error(
    `room ${JSON.stringify(room_id)} changed ${maxRounds} times while it was folded with its participants`,
  )
}

async function foldStoredRoom(
  dependencies: ApplyDependencies,
  stored: Projection,
  room_id: string,
  signal: AbortSignal,
): Promise<Pick<Projection, 'state' | 'pendingCheckpoints'>> {
  const history = await readHistory(dependencies, stored, undefined, signal)
  const { state: base, watermark } = startOf(history.base, stored)
  const start = roomStateOf(base)
  const logged = historyOf(history.events)
  // Later events are in the log but not in the projection yet. The batch that applies them settles the room again.
  const events = logged.filter((event) => orderKey(event) > watermark && orderKey(event) <= stored.watermark)
  const since = findRelevantTime(start, events)
  const closes = continueCloses(roomStateOf(stored.state)?.closes ?? [], logged)
  const people = since === undefined ? noPeople : await readPeople(dependencies, room_id, { since, closes }, signal)
  const folding = foldRoom(start, events, people.occupancies)
  let result = folding.next()
  while (!result.done)
    result = folding.next(await hasActivity(dependencies, room_id, people.participants, result.value, signal))
  const { state, steps } = result.value
  return { state, pendingCheckpoints: correctCheckpoints(history.checkpoints, steps) }
}

/** The changes of checkpoints that lack what participants imply. */
function correctCheckpoints(checkpoints: readonly Checkpoint[], steps: FoldedRoom['steps']): CheckpointChange[] {
  const stateByOrder = new Map(steps.map(({ order, state }) => [order, state]))
  return checkpoints.flatMap((checkpoint) => {
    const state = stateByOrder.get(checkpoint.order)
    if (!stateByOrder.has(checkpoint.order) || isDeepStrictEqual(state ?? null, checkpoint.state)) return []
    return [{ at: timeOfOrder(checkpoint.order), checkpoint: { ...checkpoint, state: state ?? null } }]
  })
}

function roomStateOf(state: State | undefined): RoomState | undefined {
  return state?.kind === 'room' ? state : undefined
}

type People = { readonly participants: readonly Projection[]; readonly occupancies: readonly Occupancy[] }

const noPeople: People = { participants: [], occupancies: [] }

/** Reads everybody who has been in the room since a time (ms), with their sessions. */
async function readPeople(
  dependencies: ApplyDependencies,
  roomId: string,
  { since, closes: known }: { readonly since: number; readonly closes: readonly CloseMark[] },
  signal: AbortSignal,
): Promise<People> {
  const { store } = dependencies
  const from = Math.max(0, since)
  const closes = { closes: known, closes_cut: false }
  const participants: Projection[] = []
  let cursor: string | null = null
  do {
    const page: Page<Projection> = await store.readCloseCandidates(roomId, { since: from, cursor }, signal)
    const input = { appended: [], unconfirmedDuplicates: [], closes }
    const endSessions = async (projection: Projection) =>
      isMissingCloses(projection, closes)
        ? (await updateProjection(dependencies, projection, input, signal)).projection
        : projection
    participants.push(...(await pMap(page.items, endSessions, { concurrency: projectionConcurrency })))
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
  for (const { aggregate, state, pendingSessionWrites } of participants) {
    if (aggregate.kind !== 'participant' || state?.kind !== 'participant') continue
    const { user_id } = aggregate
    for (const { joined_at, session } of pendingSessionWrites) {
      if (session === null) byStart.delete(keyOf(user_id, joined_at))
      else byStart.set(keyOf(user_id, joined_at), occupancyOf(user_id, session))
    }
    if (state.session !== null)
      byStart.set(keyOf(user_id, state.session.joined_at), occupancyOf(user_id, state.session))
  }
  return [...byStart.values()]
}

/** Whether a genuine event of a participant or a recording is in the window. */
async function hasActivity(
  { log, store }: ApplyDependencies,
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
