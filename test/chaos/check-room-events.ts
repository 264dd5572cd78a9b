import { describeMany } from './describe-many.ts'
import type { LoggedEvent } from './model/logged-event.ts'
import type { ShownSession } from './model/shown-state.ts'

/** A message of the room event topic (docs/contract.md, section 7). */
export interface ReceivedRoomEvent extends LoggedEvent {
  readonly id: string
  /** Of a `leave` or `session_ended`; null if it ended no session. */
  readonly session?: PublishedSession | null
}

type PublishedSession = Pick<ShownSession, 'user_id' | 'joined_at' | 'left_at' | 'leave_reason'>

/**
 * Checks that every event was published at least once, with an id of its own, and so was the end of every session; and that nothing
 * else was published.
 *
 * @param effective the logged events that are not in the quarantine.
 * @param sessions those of the model.
 */
export function findRoomEventMistakes(
  received: readonly ReceivedRoomEvent[],
  effective: readonly LoggedEvent[],
  sessions: readonly ShownSession[],
): string[] {
  const published = new Set(received.filter(({ event }) => event !== 'session_ended').map(describeEvent))
  const logged = new Set(effective.map(({ trace_id }) => trace_id))
  const ends = new Set(received.flatMap((message) => describeEnd(message.params.room_id, message.session)))
  const expectedEnds = sessions.flatMap((session) =>
    session.left_at === null ? [] : describeEnd(session.room_id, session),
  )
  const idsByEvent = Map.groupBy(received, describeEvent)
  const eventsById = Map.groupBy(received, ({ id }) => id)
  return [
    ...describeMany(
      'events were not published',
      [...new Set(effective.map(describeEvent))].filter((event) => !published.has(event)),
    ),
    ...describeMany(
      'events were published that are not in the log',
      received.map(({ trace_id }) => trace_id).filter((traceId) => !logged.has(traceId)),
    ),
    ...describeMany(
      'ends of sessions were not published',
      expectedEnds.filter((end) => !ends.has(end)),
    ),
    ...describeMany(
      'events have several ids',
      findAmbiguous(idsByEvent, ({ id }) => id),
    ),
    ...describeMany('ids belong to several events', findAmbiguous(eventsById, describeEvent)),
  ]
}

function describeEvent({ trace_id, event, params: { room_id, user_id, box_code } }: LoggedEvent): string {
  return [event, trace_id, room_id ?? box_code, user_id].filter((part) => part !== undefined).join(' ')
}

function describeEnd(room_id: string | undefined, session: PublishedSession | null | undefined): string[] {
  if (session == null) return []
  const { user_id, joined_at, left_at, leave_reason } = session
  return [`${user_id} in ${room_id} from ${joined_at} to ${left_at} (${leave_reason})`]
}

/** The keys whose messages do not all have the same value. */
function findAmbiguous(
  groups: ReadonlyMap<string, readonly ReceivedRoomEvent[]>,
  toValue: (message: ReceivedRoomEvent) => string,
): string[] {
  return [...groups].filter(([, messages]) => new Set(messages.map(toValue)).size > 1).map(([key]) => key)
}
