import { z } from 'zod'
import { respondWithAttendance } from './attendance.ts'
import { respondWithCallbacks } from './callbacks.ts'
import { respondWithEvents, respondWithRoomEvents } from './events.ts'
import { respondWithMeetings } from './meetings.ts'
import { respondWithPeople } from './people.ts'
import { presentBox, presentPage, presentRefused, presentStats } from './presenters.ts'
import { respondWithRecordings } from './recordings.ts'
import {
  attendanceQuery,
  callbacksQuery,
  eventsQuery,
  meetingsQuery,
  pageQuery,
  peopleQuery,
  recordingsQuery,
  roomEventsQuery,
  roomPageQuery,
  roomQuery,
  roomSessionsQuery,
  roomsQuery,
  sessionsQuery,
  timelineQuery,
  usageQuery,
  userSessionsQuery,
} from './request-schemas.ts'
import {
  attendanceSchema,
  meetingSchema,
  personSchema,
  sessionSchema,
  timelineSchema,
  usageSchema,
  userSessionSchema,
} from './response-schemas/attendance.ts'
import { pageOf } from './response-schemas/fields.ts'
import { boxSchema, callbacksSchema, refusedSchema, statsSchema } from './response-schemas/health.ts'
import { eventSchema, recordingSchema, roomDetailsSchema, roomSchema } from './response-schemas/rooms.ts'
import { respondWithRoom } from './room.ts'
import { respondWithRooms } from './rooms.ts'
import { type ApiRoute, defineRoute } from './route.ts'
import { respondWithRoomSessions, respondWithSessions, respondWithUserSessions } from './sessions.ts'
import { respondWithTimeline } from './timeline.ts'
import { respondWithUsage } from './usage.ts'

/**
 * The first match wins. API Gateway decodes a path twice, so an id in it can be misread or contain slashes; longer paths
 * come first. The routes with the id in the query find every id (docs/decisions/0036).
 */
export const apiRoutes: readonly ApiRoute[] = [
  defineRoute({
    path: 'rooms',
    summary: 'Rooms; open rooms by default; closed ones by the time of the close, newest first',
    querySchema: roomsQuery,
    responseSchema: pageOf(roomSchema),
    isCached: true,
    respond: respondWithRooms,
  }),
  defineRoute({
    path: 'room',
    summary: 'A room by any id, with its participants, present ones first, and its recordings',
    querySchema: roomQuery,
    responseSchema: roomDetailsSchema,
    requiresKnownId: true,
    isCached: true,
    respond: (dependencies, { query, signal }) => respondWithRoom(dependencies, query.room_id, query, signal),
  }),
  defineRoute({
    path: 'events',
    summary: 'The event log of a room, or the warnings of a media server',
    querySchema: eventsQuery,
    responseSchema: pageOf(eventSchema),
    requiresKnownId: true,
    respond: (dependencies, { query, signal }) => respondWithEvents(dependencies, query, signal),
  }),
  defineRoute({
    path: 'sessions',
    summary: 'Sessions of a room or of a user across rooms, sorted by start time',
    querySchema: sessionsQuery,
    responseSchema: pageOf(userSessionSchema),
    requiresKnownId: true,
    offersCsv: true,
    respond: respondWithSessions,
  }),
  defineRoute({
    path: 'meetings',
    summary: 'The meetings of a room that overlap the interval',
    querySchema: meetingsQuery,
    responseSchema: pageOf(meetingSchema),
    requiresKnownId: true,
    offersCsv: true,
    offersXlsx: true,
    respond: respondWithMeetings,
  }),
  defineRoute({
    path: 'attendance',
    summary: 'Who was in a room in the interval: one row a person, sorted by the first join',
    querySchema: attendanceQuery,
    responseSchema: pageOf(attendanceSchema),
    requiresKnownId: true,
    offersCsv: true,
    offersXlsx: true,
    respond: respondWithAttendance,
  }),
  defineRoute({
    path: 'timeline',
    summary: 'Who was in a room and what they published in an interval',
    querySchema: timelineQuery,
    responseSchema: timelineSchema,
    requiresKnownId: true,
    respond: respondWithTimeline,
  }),
  defineRoute({
    path: 'stats',
    summary: 'Installation health',
    querySchema: z.object({}),
    responseSchema: statsSchema,
    isCached: true,
    async respond({ rooms, health, timeZone, now }, { signal }) {
      const [open, current] = await Promise.all([rooms.countOpen(signal), health.read(signal)])
      return { json: presentStats(open, current, { timeZone, now: now() }) }
    },
  }),
  defineRoute({
    path: 'callbacks',
    summary: 'Numbers of applied callbacks by kind; those of today by default',
    querySchema: callbacksQuery,
    responseSchema: callbacksSchema,
    isCached: true,
    respond: respondWithCallbacks,
  }),
  defineRoute({
    path: 'recordings',
    summary: 'Recordings, newest first',
    querySchema: recordingsQuery,
    responseSchema: pageOf(recordingSchema),
    offersCsv: true,
    respond: respondWithRecordings,
  }),
  defineRoute({
    path: 'boxes',
    summary: 'Media servers with port warnings, sorted by name',
    querySchema: pageQuery,
    responseSchema: pageOf(boxSchema),
    async respond({ catalog, alertRules, now }, { query, signal }) {
      const page = await catalog.listBoxes(query, signal)
      return presentPage(page, (box) => presentBox(box, now(), alertRules))
    },
  }),
  defineRoute({
    path: 'refused',
    summary: 'Samples of refused callbacks of the last seven days, newest first; at most five of each cause',
    querySchema: pageQuery,
    responseSchema: pageOf(refusedSchema),
    async respond({ refused, now }, { query, signal }) {
      return presentPage(await refused.listRefused(now(), query, signal), presentRefused)
    },
  }),
  defineRoute({
    path: 'people',
    summary: 'People by a part of their name or id',
    querySchema: peopleQuery,
    responseSchema: pageOf(personSchema),
    respond: respondWithPeople,
  }),
  defineRoute({
    path: 'usage',
    summary: 'Usage by hour, day or month, newest first; periods without samples are omitted',
    querySchema: usageQuery,
    responseSchema: pageOf(usageSchema),
    respond: respondWithUsage,
  }),
  defineRoute({
    path: 'users/{user_id}/sessions',
    summary: 'Sessions of a user across rooms, newest first',
    querySchema: userSessionsQuery,
    responseSchema: pageOf(userSessionSchema),
    requiresKnownId: true,
    offersCsv: true,
    respond: respondWithUserSessions,
  }),
  defineRoute({
    path: 'rooms/{room_id}/sessions',
    summary: 'Sessions of a room, sorted by start time',
    querySchema: roomSessionsQuery,
    responseSchema: pageOf(sessionSchema),
    requiresKnownId: true,
    offersCsv: true,
    respond: respondWithRoomSessions,
  }),
  defineRoute({
    path: 'rooms/{room_id}/events',
    summary: 'The event log of a room',
    querySchema: roomEventsQuery,
    responseSchema: pageOf(eventSchema),
    requiresKnownId: true,
    respond: (dependencies, { id, query, signal }) => respondWithRoomEvents(dependencies, id, query, signal),
  }),
  defineRoute({
    path: 'rooms/{room_id}',
    summary: 'A room with its participants, present ones first, and its recordings',
    querySchema: roomPageQuery,
    responseSchema: roomDetailsSchema,
    requiresKnownId: true,
    respond: (dependencies, { id, query, signal }) => respondWithRoom(dependencies, id, query, signal),
  }),
]

/** @param path below `/api/`, decoded. */
export function findRoute(path: string): { readonly route: ApiRoute; readonly id: string } | undefined {
  for (const route of apiRoutes) {
    const match = route.pattern.exec(path)
    if (match !== null) return { route, id: match[1] ?? '' }
  }
  return undefined
}
