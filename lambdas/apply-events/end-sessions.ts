import pMap from 'p-map'
import type { Projection } from '../../core/projection/projection.ts'
import { type CloseMark, closesOf, type KnownCloses, maxTrackedCloses, noCloses } from '../../core/state/closes.ts'
import { asError } from './append-events.ts'
import type { Share } from './apply-batch.ts'
import { flushPastSessions } from './past-session-writes.ts'
import { readRooms, roomOf } from './rooms.ts'
import {
  type Dependencies,
  isBehind,
  projectionConcurrency,
  readCloses,
  updateProjection,
} from './update-projection.ts'

const roomConcurrency = 4
const closeRounds = 5

/**
 * Looks, after all writes, for sessions that reach across a close of their room, and folds them anew.
 *
 * Concerns the people of this batch and, where the batch brought a close (or a copy of one: the first may have died
 * before it came here), everybody in that room.
 */
export async function endSessionsAtCloses(
  dependencies: Dependencies,
  shares: readonly Share[],
  people: readonly Projection[],
): Promise<void> {
  const closing = new Map(
    shares.flatMap(({ aggregate, events, failure }) => {
      const closes = aggregate.kind === 'room' && failure === undefined ? closesOf(events) : []
      return aggregate.kind === 'room' && closes.length > 0 ? [[aggregate.room_id, closes] as const] : []
    }),
  )
  const touched = Map.groupBy(people, (projection) => roomOf(projection.aggregate))
  for (const roomId of closing.keys()) if (!touched.has(roomId)) touched.set(roomId, [])
  const fail = (roomId: string, error: unknown) => {
    for (const share of shares) if (roomOf(share.aggregate) === roomId) share.failure = asError(error)
  }
  try {
    const rooms = await readRooms(dependencies, touched.keys())
    await pMap(
      touched,
      async ([roomId, projections]) => {
        try {
          const brought = closing.get(roomId)
          const suspects = brought !== undefined ? await dependencies.store.readParticipants(roomId) : projections
          // The room's projection remembers only its latest closes; this one may be an old one that came late.
          const closes =
            brought !== undefined ? await loggedCloses(dependencies, roomId) : (rooms.get(roomId) ?? noCloses)
          await endSessions(dependencies, roomId, suspects, closes, bringsOldClose(brought ?? [], closes))
        } catch (error) {
          fail(roomId, error)
        }
      },
      { concurrency: roomConcurrency },
    )
  } catch (error) {
    for (const roomId of touched.keys()) fail(roomId, error)
  }
}

async function endSessions(
  dependencies: Dependencies,
  roomId: string,
  projections: readonly Projection[],
  closes: KnownCloses,
  anew: boolean,
): Promise<void> {
  let suspects = projections
  let known = closes
  for (let round = 0; round < closeRounds; round++) {
    const everybody = anew && round === 0
    const behind = suspects.filter((projection) => everybody || isBehind(projection, known))
    // Of all people of the batch, copies included: whoever wrote a projection before may have died before this.
    const settled = suspects.filter((projection) => !behind.includes(projection))
    await pMap(settled, (projection) => flushPastSessions(dependencies.store, projection), {
      concurrency: projectionConcurrency,
    })
    if (behind.length === 0) return
    const news = { appended: [], unconfirmedDuplicates: [], closes: known, anew: everybody }
    const updated = await pMap(behind, (projection) => updateProjection(dependencies, projection, news), {
      concurrency: projectionConcurrency,
    })
    suspects = updated.map(({ projection }) => projection)
    known = await loggedCloses(dependencies, roomId)
  }
  throw new Error(`the sessions of room ${JSON.stringify(roomId)} do not settle`)
}

/**
 * Whether a close of the batch lies further back than projections can tell: their chain reaches over the last few only. Such a one
 * came very late, or a copy has moved it; a later copy changes nothing, and is not found at its time.
 */
function bringsOldClose(brought: readonly CloseMark[], { closes }: KnownCloses): boolean {
  const old = new Set(closes.slice(0, -maxTrackedCloses).map(({ order }) => order))
  return brought.some(({ order }) => old.has(order))
}

async function loggedCloses({ log }: Dependencies, roomId: string): Promise<KnownCloses> {
  return { closes: await readCloses(log, roomId), closes_cut: false }
}
