import pMap from 'p-map'
import { type CloseMark, closesOf, type KnownCloses, keptCloses, noCloses } from '../../core/state/closes.ts'
import type { Share } from './apply-batch.ts'
import { asError } from './log-events.ts'
import { fileSessions } from './past-sessions.ts'
import { readRooms, roomOf } from './rooms.ts'
import type { View } from './stores.ts'
import { type Dependencies, isBehind, readCloses, updateView, viewsAtOnce } from './update-view.ts'

const roomsAtOnce = 4
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
  people: readonly View[],
): Promise<void> {
  const closing = new Map(
    shares.flatMap(({ subject, events, failure }) => {
      const closes = subject.kind === 'room' && failure === undefined ? closesOf(events) : []
      return subject.kind === 'room' && closes.length > 0 ? [[subject.room_id, closes] as const] : []
    }),
  )
  const touched = Map.groupBy(people, (view) => roomOf(view.subject))
  for (const roomId of closing.keys()) if (!touched.has(roomId)) touched.set(roomId, [])
  const fail = (roomId: string, error: unknown) => {
    for (const share of shares) if (roomOf(share.subject) === roomId) share.failure = asError(error)
  }
  try {
    const rooms = await readRooms(dependencies, touched.keys())
    await pMap(
      touched,
      async ([roomId, views]) => {
        try {
          const brought = closing.get(roomId)
          const suspects = brought !== undefined ? await dependencies.store.readParticipants(roomId) : views
          // The room's view remembers only its latest closes; this one may be an old one that came late.
          const closes =
            brought !== undefined ? await loggedCloses(dependencies, roomId) : (rooms.get(roomId) ?? noCloses)
          await endSessions(dependencies, roomId, suspects, closes, bringsOldClose(brought ?? [], closes))
        } catch (error) {
          fail(roomId, error)
        }
      },
      { concurrency: roomsAtOnce },
    )
  } catch (error) {
    for (const roomId of touched.keys()) fail(roomId, error)
  }
}

async function endSessions(
  dependencies: Dependencies,
  roomId: string,
  views: readonly View[],
  closes: KnownCloses,
  anew: boolean,
): Promise<void> {
  let suspects = views
  let known = closes
  for (let round = 0; round < closeRounds; round++) {
    const everybody = anew && round === 0
    const behind = suspects.filter((view) => everybody || isBehind(view, known))
    // Of all people of the batch, copies included: whoever wrote a view before may have died before this.
    const settled = suspects.filter((view) => !behind.includes(view))
    await pMap(settled, (view) => fileSessions(dependencies.store, view), { concurrency: viewsAtOnce })
    if (behind.length === 0) return
    const news = { fresh: [], doubtful: [], closes: known, anew: everybody }
    const updated = await pMap(behind, (view) => updateView(dependencies, view, news), { concurrency: viewsAtOnce })
    suspects = updated.map(({ view }) => view)
    known = await loggedCloses(dependencies, roomId)
  }
  throw new Error(`the sessions of room ${JSON.stringify(roomId)} do not settle`)
}

/**
 * Whether a close of the batch lies further back than views can tell: their chain reaches over the last few only. Such a one
 * came very late, or a copy has moved it; a later copy changes nothing, and is not found at its time.
 */
function bringsOldClose(brought: readonly CloseMark[], { closes }: KnownCloses): boolean {
  const old = new Set(closes.slice(0, -keptCloses).map(({ order }) => order))
  return brought.some(({ order }) => old.has(order))
}

async function loggedCloses({ log }: Dependencies, roomId: string): Promise<KnownCloses> {
  return { closes: await readCloses(log, roomId), closes_cut: false }
}
