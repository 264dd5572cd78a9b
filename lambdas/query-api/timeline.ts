import type { z } from 'zod'
import { addEarlierStreams, type MediaTimeline, traceRoomMedia } from '../../core/meetings/media-timeline.ts'
import type { RoomSessionRow } from '../../core/ports/meeting-reader.ts'
import { isWithin, type Period } from '../../core/ports/period.ts'
import type { RoomReader } from '../../core/ports/room-reader.ts'
import { isoTime } from '../../core/presentation/iso-time.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { toleranceMs } from '../../core/state/connections.ts'
import { overlaps } from '../../core/state/session.ts'
import type { QueryApiDependencies } from './dependencies.ts'
import { requireRoom } from './events.ts'
import type { RouteResult } from './http-response.ts'
import { toPeriod } from './period.ts'
import type { timelineQuery } from './request-schemas.ts'
import type { RouteRequest } from './route.ts'

/** A read of DynamoDB has at most so many events. */
const eventsPerRead = 3000
/** Reads of the event log, after which the response says until when the media are known. */
const maxReads = 20
/** ms: how long before the interval the events are read of people who were already there. Streams that are still on are known anyway. */
const maxLeadMs = 24 * 3_600_000

/**
 * Responds with who was in the room and what they published in an interval, as intervals (docs/contract.md, section 6).
 *
 * @throws HttpError 404 if the room has no events.
 */
export async function respondWithTimeline(
  { meetings, rooms, now }: QueryApiDependencies,
  { query, signal }: RouteRequest<z.output<typeof timelineQuery>>,
): Promise<RouteResult> {
  const { room_id } = query
  const period = toPeriod({ from: query.from, to: query.to ?? now() })
  const read = await meetings.readRoomSessions(room_id, period, signal)
  if (read.length === 0) await requireRoom(rooms, room_id, signal)
  const sessions = read.filter(({ session }) => overlaps(session, period))
  const traced = withLead(period, sessions)
  const { events, knownUntil } = await readEvents(rooms, room_id, traced, signal)
  const media = traceRoomMedia(events)
  const people = [...Map.groupBy(sessions, ({ user_id }) => user_id)].map(([userId, rows]) => {
    const { streams, reconnects } = media.get(userId) ?? { streams: [], reconnects: [] }
    const current = rows.flatMap((row) => row.streams ?? [])
    const all = addEarlierStreams(streams, current, traced.from)
    return presentPerson(userId, rows, { streams: all, reconnects }, period)
  })
  return {
    json: {
      room_id,
      from: isoTime(period.from),
      to: isoTime(period.to),
      people: people.sort(comparePeople),
      media_known_until: isoTime(knownUntil),
    },
  }
}

/** The interval with the events from which the state at its beginning follows. Media may have overtaken a join. */
function withLead({ from, to }: Period, sessions: readonly RoomSessionRow[]): Period {
  const firstJoinedAt = sessions.reduce((first, { session }) => Math.min(first, session.joined_at), from)
  return { from: Math.max(0, firstJoinedAt - toleranceMs, from - maxLeadMs), to }
}

/** @returns the applied events, oldest first; `knownUntil` is null if these are all. */
async function readEvents(
  rooms: RoomReader,
  roomId: string,
  period: Period,
  signal: AbortSignal,
): Promise<{ readonly events: readonly NorthboundEvent[]; readonly knownUntil: number | null }> {
  const events: NorthboundEvent[] = []
  let cursor: string | null = null
  for (let read = 0; read < maxReads; read++) {
    const page = await rooms.readTimeline(roomId, { limit: eventsPerRead, cursor, order: 'oldest', period }, signal)
    for (const { event, quarantined } of page.items) if (quarantined === undefined) events.push(event)
    if (page.cursor === null) return { events, knownUntil: null }
    cursor = page.cursor
  }
  return { events, knownUntil: events.at(-1)?.received_at ?? period.from }
}

function presentPerson(
  user_id: string,
  rows: readonly RoomSessionRow[],
  { streams, reconnects }: MediaTimeline,
  period: Period,
) {
  const { from, to } = period
  const sorted = rows.toSorted((one, other) => one.session.joined_at - other.session.joined_at)
  return {
    user_id,
    user_name: sorted.findLast(({ user_name }) => user_name !== null)?.user_name ?? null,
    sessions: sorted.map(({ session: { joined_at, start_estimated, endpoint_type, end } }) => ({
      joined_at: isoTime(joined_at),
      left_at: isoTime(end?.at),
      leave_reason: end?.reason ?? null,
      endpoint_type,
      estimated: start_estimated || (end?.estimated ?? false),
    })),
    streams: streams
      .filter((stream) => stream.from < to && (stream.to ?? to) > from)
      .map((stream) => ({ stream_type: stream.stream_type, from: isoTime(stream.from), to: isoTime(stream.to) })),
    reconnected_at: reconnects.filter((at) => isWithin(at, period)).map((at) => isoTime(at)),
  }
}

type Person = ReturnType<typeof presentPerson>

/** Sorts by the first join, then by user id. */
function comparePeople(one: Person, other: Person): number {
  const key = ({ sessions, user_id }: Person) => `${sessions[0]?.joined_at} ${user_id}`
  return key(one) < key(other) ? -1 : 1
}
