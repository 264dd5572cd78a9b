import pMap from 'p-map'
import { endsSession, isEnd, toSessionEnded } from '../../core/notifications/room-event.ts'
import { toRoomEventMessage } from '../../core/notifications/room-event-message.ts'
import type { Period } from '../../core/ports/period.ts'
import type { RoomEventMessage } from '../../core/ports/topics.ts'
import { RevealedEnds } from '../../core/projection/revealed-ends.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { type CloseMark, closesOf } from '../../core/state/closes.ts'
import { foldSteps, historyOf, type Step } from '../../core/state/fold.ts'
import { orderKey } from '../../core/state/order.ts'
import type { LoggedEvents } from './logged-events.ts'

/** The fold of a participant does not depend on the installation's settings, which only media servers and recordings know. */
const rules = { alertWindowMs: 0, timeZone: 'UTC' }
const historyConcurrency = 8

/**
 * Builds the messages of a room as they were published, with the sessions that a leave or a close ended. The ends of sessions are
 * found by folding the history of each participant with such a session, once.
 *
 * @returns a function that takes an event of the room.
 */
export function roomMessages(
  log: LoggedEvents,
  room_id: string,
  { from }: Pick<Period, 'from'>,
): (event: NorthboundEvent) => Promise<RoomEventMessage[]> {
  const ends = new Map<string, Promise<ReadonlyMap<string, Step>>>()
  let closes: Promise<readonly CloseMark[]> | undefined

  function findEnds(user_id: string): Promise<ReadonlyMap<string, Step>> {
    const known = ends.get(user_id)
    if (known !== undefined) return known
    closes ??= log.readRoom(room_id).then((events) => closesOf(historyOf(events)))
    const found = foldEnds(user_id, closes)
    ends.set(user_id, found)
    return found
  }

  /** @returns the steps of leaves and closes, by order key. */
  async function foldEnds(user_id: string, ofRoom: Promise<readonly CloseMark[]>): Promise<ReadonlyMap<string, Step>> {
    const { base, events } = await log.readParticipant({ kind: 'participant', room_id, user_id }, from)
    const isLater = (order: string) => base === undefined || order > base.order
    const history = historyOf(events).filter((event) => isLater(orderKey(event)))
    const later = (await ofRoom).filter(({ order }) => isLater(order))
    const steps = foldSteps(base?.state ?? undefined, history, later, rules)
    const revealed = new RevealedEnds()
    for (const step of steps) revealed.add(step)
    return new Map([...steps.filter(isEnd).map((step): [string, Step] => [step.order, step]), ...revealed.steps])
  }

  async function endSessions(close: NorthboundEvent): Promise<RoomEventMessage[]> {
    const users = await log.listEndedByClose(room_id, close.received_at)
    const messages = await pMap(
      users.toSorted(),
      async (user_id): Promise<RoomEventMessage[]> => {
        const step = (await findEnds(user_id)).get(orderKey(close))
        if (step === undefined || !endsSession(step)) return []
        return [{ body: toSessionEnded(close, { kind: 'participant', room_id, user_id }, step), room_id }]
      },
      { concurrency: historyConcurrency },
    )
    return messages.flat()
  }

  return async (event) => {
    const { data } = event
    if (data.event === 'leave') return [toRoomEventMessage(event, (await findEnds(data.user_id)).get(orderKey(event)))]
    if (data.event === 'close') return [toRoomEventMessage(event, undefined), ...(await endSessions(event))]
    return [toRoomEventMessage(event, undefined)]
  }
}
