import { isDeepStrictEqual } from 'node:util'
import type { Checkpoint, CheckpointChange } from '../core/projection/checkpoints.ts'
import { startOf } from '../core/projection/project.ts'
import type { Projection } from '../core/projection/projection.ts'
import { continueCloses } from '../core/state/closes.ts'
import { historyOf, type State } from '../core/state/fold.ts'
import { type FoldedRoom, findRelevantTime, foldRoom } from '../core/state/fold-room.ts'
import { orderKey, timeOfOrder } from '../core/state/order.ts'
import type { RoomState } from '../core/state/room.ts'
import { type HistoryStores, readHistory } from './read-history.ts'
import { type EndSessions, hasActivity, readPeople } from './read-people.ts'

export type RoomFolding = {
  readonly room_id: string
  readonly stored: Projection
  /** The order key of the last event of the room to fold; undefined for all that the log has. */
  readonly until: string | undefined
  readonly endSessions: EndSessions
}

export type FoldedStoredRoom = Pick<Projection, 'state' | 'pendingCheckpoints'> & {
  /** `none`: the log has no event of the room any more, and no session in it matters. */
  readonly evidence: 'some' | 'none'
}

/**
 * Folds a room from the log together with its participants as they are stored (docs/decisions/0020).
 *
 * @returns with the changes of checkpoints that lack what participants imply.
 */
export async function foldStoredRoom(
  stores: HistoryStores,
  { room_id, stored, until, endSessions }: RoomFolding,
  signal: AbortSignal,
): Promise<FoldedStoredRoom> {
  const history = await readHistory(stores, stored, undefined, signal)
  const { state: base, watermark } = startOf(history.base, stored)
  const start = roomStateOf(base)
  const logged = historyOf(history.events)
  const events = logged.filter((event) => {
    const order = orderKey(event)
    return order > watermark && (until === undefined || order <= until)
  })
  const since = findRelevantTime(start, events)
  const closes = { closes: continueCloses(roomStateOf(stored.state)?.closes ?? [], logged), closes_cut: false }
  const people = await readPeople(stores.store, room_id, { since, closes }, endSessions, signal)
  const folding = foldRoom(start, events, people.occupancies)
  let result = folding.next()
  while (!result.done)
    result = folding.next(await hasActivity(stores, room_id, people.participants, result.value, signal))
  const { state, steps } = result.value
  const evidence = logged.length + people.occupancies.length > 0 ? 'some' : 'none'
  return { state, pendingCheckpoints: correctCheckpoints(history.checkpoints, steps), evidence }
}

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
