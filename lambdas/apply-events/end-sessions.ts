import pMap from 'p-map'
import { closesOf, type KnownCloses, noCloses } from '../../core/state/closes.ts'
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
  const closing = new Set(
    shares.flatMap(({ subject, events, failure }) =>
      subject.kind === 'room' && failure === undefined && closesOf(events).length > 0 ? [subject.room_id] : [],
    ),
  )
  const touched = Map.groupBy(people, (view) => roomOf(view.subject))
  for (const roomId of closing) if (!touched.has(roomId)) touched.set(roomId, [])
  const fail = (roomId: string, error: unknown) => {
    for (const share of shares) if (roomOf(share.subject) === roomId) share.failure = asError(error)
  }
  try {
    const rooms = await readRooms(dependencies, touched.keys())
    await pMap(
      touched,
      async ([roomId, views]) => {
        try {
          const everybody = closing.has(roomId)
          const suspects = everybody ? await dependencies.store.readParticipants(roomId) : views
          // The room's view remembers only its latest closes; this one may be an old one that came late.
          const closes = everybody ? await loggedCloses(dependencies, roomId) : (rooms.get(roomId) ?? noCloses)
          await endSessions(dependencies, roomId, suspects, closes)
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
): Promise<void> {
  let suspects = views
  let known = closes
  for (let round = 0; round < closeRounds; round++) {
    const behind = suspects.filter((view) => isBehind(view, known))
    // Of all people of the batch, copies included: whoever wrote a view before may have died before this.
    const settled = suspects.filter((view) => !behind.includes(view))
    await pMap(settled, (view) => fileSessions(dependencies.store, view), { concurrency: viewsAtOnce })
    if (behind.length === 0) return
    const news = { fresh: [], doubtful: [], closes: known }
    const updated = await pMap(behind, (view) => updateView(dependencies, view, news), { concurrency: viewsAtOnce })
    suspects = updated.map(({ view }) => view)
    known = await loggedCloses(dependencies, roomId)
  }
  throw new Error(`the sessions of room ${JSON.stringify(roomId)} do not settle`)
}

async function loggedCloses({ log }: Dependencies, roomId: string): Promise<KnownCloses> {
  return { closes: await readCloses(log, roomId), closes_cut: false }
}
