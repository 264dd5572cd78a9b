import pMap from 'p-map'
import type { Page } from '../../core/ports/page.ts'
import { isMissingCloses } from '../../core/projection/missing-closes.ts'
import type { Projection } from '../../core/projection/projection.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { roomIdOf, streamOf } from '../../core/state/aggregate.ts'
import { type KnownCloses, maxTrackedCloses, noCloses } from '../../core/state/closes.ts'
import { orderKey, shortenTraceId, traceIdOf } from '../../core/state/order.ts'
import { asError } from '../as-error.ts'
import { orAbort } from '../deadline.ts'
import { readCloses } from '../read-history.ts'
import { type CloseEnd, findCloseEnds, findEndingEvents } from './close-ends.ts'
import type { ApplyDependencies } from './dependencies.ts'
import { readRooms, roomStates } from './rooms.ts'
import type { StreamBatch } from './stream-batch.ts'
import { flushPendingWrites, projectionConcurrency, updateProjection } from './update-projection.ts'

const roomConcurrency = 4
const maxRounds = 5

/** What this step has found, for settling the rooms and for publishing. */
export type CheckedSessions = {
  /** The rooms of the participants, read after all writes of the batch. */
  readonly rooms: Map<string, Projection>
  /** The participants of the batch as they are stored now. */
  readonly participants: Projection[]
  /** The streams of those that were updated, because another batch had written a close. */
  readonly refolded: Set<string>
  /** What is known about the participants of rooms with closes. */
  readonly candidates: Map<string, CheckedCandidates>
  /** The sessions that the closes of the batch ended or may have ended. */
  readonly closeEnds: CloseEnd[]
}

/** `latestStart`: ms of the last session that began at `since` (ms) or later, if there is one. */
export type CheckedCandidates = { readonly since: number; readonly latestStart: number }

function noCheckedSessions(): CheckedSessions {
  return { rooms: new Map(), participants: [], refolded: new Set(), candidates: new Map(), closeEnds: [] }
}

/**
 * Ends sessions at closes of their room, after all writes of the batch (docs/decisions/0001).
 *
 * Checks the participants of this batch. If the batch contains a close (or a duplicate of one: the first delivery may
 * have crashed before this step), or if the room was folded again, all participants whom it can concern are checked.
 *
 * Never rejects: a room that fails, or is not checked before the signal aborts, fails its own batches.
 */
export async function endSessionsAtCloses(
  dependencies: ApplyDependencies,
  batches: readonly StreamBatch[],
  participants: readonly Projection[],
  signal: AbortSignal,
): Promise<CheckedSessions> {
  const checked = noCheckedSessions()
  const changesByRoom = findRoomChanges(batches)
  const participantsByRoom = Map.groupBy(participants, ({ aggregate }) => roomIdOf(aggregate))
  for (const roomId of changesByRoom.keys()) if (!participantsByRoom.has(roomId)) participantsByRoom.set(roomId, [])
  const fail = (roomId: string, error: unknown) => {
    for (const batch of batches) if (roomIdOf(batch.aggregate) === roomId) batch.failure = asError(error)
  }
  try {
    const rooms = await orAbort(readRooms(dependencies, participantsByRoom.keys(), signal), signal)
    for (const [roomId, room] of rooms) checked.rooms.set(roomId, room)
  } catch (error) {
    for (const roomId of participantsByRoom.keys()) fail(roomId, error)
    return checked
  }
  const states = roomStates(checked.rooms.values())
  // Rooms without a close come first, because a close of a large room may need all the time there is.
  await pMap(
    [...participantsByRoom].toSorted(([a], [b]) => Number(changesByRoom.has(a)) - Number(changesByRoom.has(b))),
    async ([roomId, projections]) => {
      const room = { roomId, projections, closes: states.get(roomId) ?? noCloses, change: changesByRoom.get(roomId) }
      try {
        signal.throwIfAborted()
        const result = await orAbort(endSessionsOfRoom(dependencies, room, signal), signal)
        checked.participants.push(...result.participants)
        for (const projection of result.participants)
          if (!projections.includes(projection)) checked.refolded.add(streamOf(projection.aggregate))
        if (result.candidates !== undefined) checked.candidates.set(roomId, result.candidates)
        checked.closeEnds.push(...result.closeEnds)
      } catch (error) {
        fail(roomId, error)
      }
    },
    { concurrency: roomConcurrency },
  )
  return checked
}

/** Returns what the batch changes about the closes of rooms, by room id. */
function findRoomChanges(batches: readonly StreamBatch[]): Map<string, RoomChange> {
  return new Map(
    batches.flatMap(({ aggregate, events, outcomes, replacements, failure, forceRebuild }) => {
      if (aggregate.kind !== 'room' || failure !== undefined) return []
      const received = events.filter(isClose)
      const isAffected = received.length + replacements.length > 0 || forceRebuild
      return isAffected
        ? [[aggregate.room_id, { received, events, outcomes, replacements, forceRebuild }] as const]
        : []
    }),
  )
}

/** A room of the batch: its participants in the batch, its closes, and what the batch changes about them. */
type RoomToCheck = {
  readonly roomId: string
  readonly projections: readonly Projection[]
  readonly closes: KnownCloses
  readonly change: RoomChange | undefined
}

async function endSessionsOfRoom(
  dependencies: ApplyDependencies,
  { roomId, projections, closes, change }: RoomToCheck,
  signal: AbortSignal,
): Promise<Pick<CheckedSessions, 'participants' | 'closeEnds'> & { candidates: CheckedCandidates | undefined }> {
  // Another batch may have written a close that is older than those of this batch, so these are always checked.
  const participants = await endSessions(dependencies, roomId, projections, closes, false, signal)
  if (change === undefined) return { participants, candidates: undefined, closeEnds: [] }
  const { closeEnds, ...candidates } = await endSessionsOfCandidates(dependencies, roomId, change, signal)
  return { participants, candidates, closeEnds }
}

/** What a batch changes about a room's closes. `received`: the closes in it. `forceRebuild`: whether the room was folded again. */
type RoomChange = Pick<StreamBatch, 'events' | 'forceRebuild' | 'replacements' | 'outcomes'> & {
  readonly received: readonly NorthboundEvent[]
}

/**
 * Checks all participants of a room whom the received closes can concern, or, if the room was folded again, all tracked
 * closes. Reads them page by page: a permanent room may have had many thousands of participants (docs/decisions/0024).
 */
async function endSessionsOfCandidates(
  dependencies: ApplyDependencies,
  roomId: string,
  change: RoomChange,
  signal: AbortSignal,
): Promise<CheckedCandidates & Pick<CheckedSessions, 'closeEnds'>> {
  // The room's projection tracks its latest closes only; a received one may be an older one that came late.
  const closes = await readAllCloses(dependencies, roomId, signal)
  const tracked = change.forceRebuild ? closes.closes.slice(-maxTrackedCloses) : []
  const since = Math.min(earliestTimeOf(change, closes), ...tracked.map(({ at }) => at))
  let latestStart = Number.NEGATIVE_INFINITY
  const closeEnds: CloseEnd[] = []
  if (since === Number.POSITIVE_INFINITY) return { since, latestStart, closeEnds }
  const forceRebuild = changesUntrackedCloses(change, closes)
  const ending = findEndingEvents(change, closes)
  let cursor: string | null = null
  do {
    const page: Page<Projection> = await dependencies.store.readCloseCandidates(roomId, { since, cursor }, signal)
    const stored = await endSessions(dependencies, roomId, page.items, closes, forceRebuild, signal)
    latestStart = Math.max(latestStart, ...stored.map(startOfLastSession))
    closeEnds.push(...stored.flatMap((projection) => findCloseEnds(projection, ending)))
    cursor = page.cursor
  } while (cursor !== null)
  return { since, latestStart, closeEnds }
}

function startOfLastSession({ state }: Projection): number {
  return (state?.kind === 'participant' ? state.session?.joined_at : undefined) ?? Number.NEGATIVE_INFINITY
}

/**
 * @param forceRebuild rebuilds every participant, even if no close is missing in the projection.
 * @returns the projections as they are stored now.
 */
async function endSessions(
  dependencies: ApplyDependencies,
  roomId: string,
  projections: readonly Projection[],
  knownCloses: KnownCloses,
  forceRebuild: boolean,
  signal: AbortSignal,
): Promise<Projection[]> {
  const upToDate: Projection[] = []
  let pending = projections
  let closes = knownCloses
  for (let round = 0; round < maxRounds; round++) {
    const rebuildAll = forceRebuild && round === 0
    const behind = pending.filter((projection) => rebuildAll || isMissingCloses(projection, closes))
    // A previous writer of these projections may have crashed before it made the pending session writes.
    const settled = pending.filter((projection) => !behind.includes(projection))
    await pMap(settled, (projection) => flushPendingWrites(dependencies, projection, signal), {
      concurrency: projectionConcurrency,
    })
    upToDate.push(...settled)
    if (behind.length === 0) return upToDate
    const input = { appended: [], unconfirmedDuplicates: [], closes, forceRebuild: rebuildAll }
    const updates = await pMap(behind, (projection) => updateProjection(dependencies, projection, input, signal), {
      concurrency: projectionConcurrency,
    })
    pending = updates.map(({ projection }) => projection)
    closes = await readAllCloses(dependencies, roomId, signal)
  }
  throw new Error(`room ${JSON.stringify(roomId)} has new closes after ${maxRounds} rounds of ending its sessions`)
}

/** ms of the earliest of these events. A close may be logged at an earlier time than it was received this time. */
function earliestTimeOf({ received, replacements }: RoomChange, { closes }: KnownCloses): number {
  const changing = [...received, ...replacements]
  const traceIds = new Set(changing.map(({ trace_id }) => shortenTraceId(trace_id)))
  const logged = closes.filter(({ order }) => traceIds.has(traceIdOf(order)))
  return Math.min(...changing.map(({ received_at }) => received_at), ...logged.map(({ at }) => at))
}

/**
 * Whether the batch changes closes that projections no longer track, because their chain covers the latest closes only.
 * A received close came very late then, or a duplicate moved it to an earlier time. A later duplicate changes nothing and is
 * not found at its time. A close that was replaced came after its replacement, whose time is known.
 */
function changesUntrackedCloses({ received, replacements }: RoomChange, { closes }: KnownCloses): boolean {
  const untracked = new Set(closes.slice(0, -maxTrackedCloses).map(({ order }) => order))
  const oldestTracked = closes.at(-maxTrackedCloses)?.order
  return (
    received.some((close) => untracked.has(orderKey(close))) ||
    (oldestTracked !== undefined && replacements.some((event) => orderKey(event) < oldestTracked))
  )
}

function isClose({ data }: NorthboundEvent): boolean {
  return data.event === 'close'
}

async function readAllCloses(
  dependencies: ApplyDependencies,
  roomId: string,
  signal: AbortSignal,
): Promise<KnownCloses> {
  return { closes: await readCloses(dependencies, roomId, 0, signal), closes_cut: false }
}
