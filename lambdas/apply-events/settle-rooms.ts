import pMap from 'p-map'
import {
  type ActivityChange,
  checkRoom,
  type ParticipantChange,
  type RoomCheck,
} from '../../core/projection/check-room.ts'
import { findPastSessionChanges } from '../../core/projection/past-sessions.ts'
import type { Projection } from '../../core/projection/projection.ts'
import { roomIdOf } from '../../core/state/aggregate.ts'
import type { Step } from '../../core/state/fold.ts'
import { isActivity } from '../../core/state/fold-room.ts'
import { orderKey } from '../../core/state/order.ts'
import { isPresent } from '../../core/state/participant.ts'
import { asError } from '../as-error.ts'
import { orAbort } from '../deadline.ts'
import type { ApplyDependencies } from './dependencies.ts'
import type { CheckedCandidates, CheckedSessions } from './end-sessions.ts'
import { readRooms } from './rooms.ts'
import { settleRoom } from './settle-room.ts'
import type { StreamBatch } from './stream-batch.ts'

const roomConcurrency = 4

/**
 * Brings the rooms of a batch into agreement with their participants, after all other writes of the batch
 * (docs/decisions/0020).
 *
 * Usually a room is open by an open, or closed and empty, and what the batch has read already shows that.
 *
 * Never rejects: a room that fails, or is not settled before the signal aborts, fails its own batches.
 */
export async function settleRooms(
  dependencies: ApplyDependencies,
  batches: readonly StreamBatch[],
  checked: CheckedSessions,
  signal: AbortSignal,
): Promise<void> {
  const batchesByRoom = Map.groupBy(batches.filter(concernsRoom), ({ aggregate }) => roomIdOf(aggregate))
  const unread = [...batchesByRoom].flatMap(([roomId, ofRoom]) => {
    const isKnown = checked.rooms.has(roomId) || ofRoom.some(({ aggregate }) => aggregate.kind === 'room')
    return isKnown ? [] : [roomId]
  })
  const fail = (roomId: string, error: unknown) => {
    for (const batch of batchesByRoom.get(roomId) ?? []) batch.failure = asError(error)
  }
  let rooms: ReadonlyMap<string, Projection>
  try {
    rooms = new Map([
      ...checked.rooms,
      ...(unread.length === 0 ? [] : await orAbort(readRooms(dependencies, unread, signal), signal)),
    ])
  } catch (error) {
    for (const roomId of batchesByRoom.keys()) fail(roomId, error)
    return
  }
  const participants = Map.groupBy(checked.participants, ({ aggregate }) => roomIdOf(aggregate))
  await pMap(
    batchesByRoom,
    async ([roomId, ofRoom]) => {
      try {
        signal.throwIfAborted()
        const batch = { batches: ofRoom, participants: participants.get(roomId) ?? [] }
        const check = checkBatch(batch, rooms.get(roomId), checked.candidates.get(roomId))
        await orAbort(settleIfNeeded(dependencies, roomId, check, signal), signal)
      } catch (error) {
        fail(roomId, error)
      }
    },
    { concurrency: roomConcurrency },
  )
}

/** What a batch has done in one room. */
type RoomBatch = {
  readonly batches: readonly StreamBatch[]
  /** The participants as they are stored now. */
  readonly participants: readonly Projection[]
}

function concernsRoom({ aggregate, events, replacements, failure }: StreamBatch): boolean {
  if (failure !== undefined) return false
  if (aggregate.kind === 'recording') return events.some(isActivity) || replacements.length > 0
  return aggregate.kind === 'room' || aggregate.kind === 'participant'
}

function checkBatch(
  { batches, participants }: RoomBatch,
  room: Projection | undefined,
  candidates: CheckedCandidates | undefined,
): RoomCheck {
  const roomBatch = batches.find(({ aggregate }) => aggregate.kind === 'room')
  // What a replaced event implied about the room is not known.
  if (roomBatch?.forceRebuild || batches.some(({ replacements }) => replacements.length > 0)) return 'unsettled'
  const isUnsettled =
    roomBatch !== undefined && checkRoomEvents(room ?? roomBatch.update?.projection, candidates) === 'unsettled'
  if (isUnsettled) return 'unsettled'
  if (room === undefined) return 'settled'
  const activity = batches.flatMap(({ events, outcomes }) =>
    events
      .filter(isActivity)
      .map((event): ActivityChange => ({ order: orderKey(event), isInOrder: outcomes.get(event) === 'applied' })),
  )
  const changes = batches.flatMap((batch) => {
    if (batch.aggregate.kind !== 'participant') return []
    const { user_id } = batch.aggregate
    const isSame = ({ aggregate }: Projection) => aggregate.kind === 'participant' && aggregate.user_id === user_id
    const projection = participants.find(isSame) ?? batch.update?.projection
    return projection === undefined ? [] : [describeChange(batch, projection)]
  })
  return checkRoom(room, { participants: changes, activity })
}

/**
 * After events of the room itself, the sessions that began after its last close are still to be seen. If it was opened again in the
 * same batch, the sessions between matter too.
 */
function checkRoomEvents(room: Projection | undefined, candidates: CheckedCandidates | undefined): RoomCheck {
  if (room?.state?.kind !== 'room') return 'unsettled'
  const { status, opened_at, closed_at, basis, is_unsettled } = room.state
  if (basis !== undefined || is_unsettled) return 'unsettled'
  if (candidates === undefined) return status === 'open' ? 'settled' : 'unsettled'
  if (opened_at === null) return 'unsettled'
  const since = candidates.since < opened_at || closed_at === null ? candidates.since : closed_at
  if (candidates.since > since) return 'unsettled'
  return candidates.latestStart > since ? 'unsettled' : 'settled'
}

function describeChange(
  { events, outcomes, forceRebuild, update }: StreamBatch,
  projection: Projection,
): ParticipantChange {
  const steps = update?.steps ?? []
  const isLate = [...outcomes.values()].some((outcome) => outcome === 'stale' || outcome === 'duplicate')
  const before = steps[0]?.before
  return {
    projection,
    sessionBefore: before?.kind === 'participant' ? (before.session ?? undefined) : undefined,
    isDisturbed: isLate || forceRebuild || steps.some(correctsSession),
    firstEventAt: forceRebuild ? Number.NEGATIVE_INFINITY : Math.min(...events.map(({ received_at }) => received_at)),
  }
}

/** Whether a step has moved the start of a session or its end, or has shown that there was none. */
function correctsSession(step: Step): boolean {
  const { before, after } = step
  if (before?.kind !== 'participant' || after?.kind !== 'participant') return false
  const { session } = before
  const last = after.session === null ? [] : [{ joined_at: after.session.joined_at, session: after.session }]
  const changes = [...findPastSessionChanges(step), ...last]
  if (changes.some((change) => change.session === null)) return true
  if (session === null) return false
  const same = changes.find(({ joined_at }) => joined_at === session.joined_at)?.session
  return same === undefined || (session.end !== null && session.end.at !== same?.end?.at)
}

async function settleIfNeeded(
  dependencies: ApplyDependencies,
  roomId: string,
  check: RoomCheck,
  signal: AbortSignal,
): Promise<void> {
  if (await needsSettling(dependencies, roomId, check, signal)) await settleRoom(dependencies, roomId, signal)
}

async function needsSettling(
  { store }: ApplyDependencies,
  roomId: string,
  check: RoomCheck,
  signal: AbortSignal,
): Promise<boolean> {
  if (typeof check === 'string') return check === 'unsettled'
  let cursor: string | null = null
  do {
    const request = { since: afterAllEvents, cursor }
    const page: Awaited<ReturnType<typeof store.readCloseCandidates>> = await store.readCloseCandidates(
      roomId,
      request,
      signal,
    )
    const isWitness = ({ state }: Projection) =>
      state?.kind === 'participant' && isPresent(state) && Number(state.session?.joined_at) <= check.presentSince
    if (page.items.some(isWitness)) return false
    cursor = page.cursor
  } while (cursor !== null)
  return true
}

/** ms: no event is that late. Candidates since then are present, or their last end may still be void. */
const afterAllEvents = 999_999_999_999_999
