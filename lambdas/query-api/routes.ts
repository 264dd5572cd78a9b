import { z } from 'zod'
import type { Page } from '../../core/ports/page.ts'
import { notFound } from '../http-error.ts'
import { attendance, pageFor } from './attendance.ts'
import type { HandlerDependencies } from './handler.ts'
import type { Result } from './http-response.ts'
import {
  presentBox,
  presentRoom,
  presentRoomDetails,
  presentSession,
  presentStats,
  presentTimelineEntry,
  presentUserSession,
} from './presenters.ts'
import { recordings } from './recordings.ts'
import {
  checked,
  csvQuery,
  eventsQuery,
  pageQuery,
  type Query,
  recordingsQuery,
  roomSessionsQuery,
  roomsQuery,
} from './request-schemas.ts'
import {
  boxSchema,
  eventSchema,
  pageOf,
  recordingSchema,
  roomDetailsSchema,
  roomSchema,
  sessionSchema,
  statsSchema,
  userSessionSchema,
} from './response-schemas.ts'

/** One path of the API; its schemas check the query and the answer, and make its part of the OpenAPI document. */
export type ApiPath = {
  /** As in OpenAPI, below `/api/`. */
  readonly path: string
  readonly pattern: RegExp
  readonly summary: string
  readonly query: z.ZodObject
  /** Of the JSON answer. */
  readonly schema: z.ZodType
  readonly givesCsv?: true
  readonly answer: (dependencies: HandlerDependencies, id: string, query: Query) => Promise<Result>
}

/** In the order in which they are tried: an id may contain slashes, so what ends in a word goes first. */
export const apiPaths: readonly ApiPath[] = [
  {
    path: 'rooms',
    pattern: /^rooms$/,
    summary: 'Rooms, the open ones by default',
    query: roomsQuery,
    schema: pageOf(roomSchema),
    async answer({ rooms }, _id, query) {
      const { status, ...page } = checked(roomsQuery, query)
      return paged(await rooms.listRooms(status, page), presentRoom)
    },
  },
  {
    path: 'stats',
    pattern: /^stats$/,
    summary: 'How the installation does',
    query: z.object({}),
    schema: statsSchema,
    async answer({ rooms, health }) {
      const [open, figures] = await Promise.all([rooms.countOpen(), health.read()])
      return { json: presentStats(open, figures) }
    },
  },
  {
    path: 'recordings',
    pattern: /^recordings$/,
    summary: 'Recordings, the latest first',
    query: recordingsQuery,
    schema: pageOf(recordingSchema),
    answer: (dependencies, _id, query) => recordings(dependencies, checked(recordingsQuery, query)),
  },
  {
    path: 'boxes',
    pattern: /^boxes$/,
    summary: 'Boxes that were warned about, by their name',
    query: pageQuery,
    schema: pageOf(boxSchema),
    async answer({ catalog }, _id, query) {
      return paged(await catalog.listBoxes(checked(pageQuery, query)), presentBox)
    },
  },
  {
    path: 'users/{user_id}/sessions',
    pattern: /^users\/(.+)\/sessions$/s,
    summary: 'Attendance of one user across rooms, the newest first',
    query: csvQuery,
    schema: pageOf(userSessionSchema),
    givesCsv: true,
    async answer({ sessions }, id, query) {
      const { format, ...page } = checked(csvQuery, query)
      const read = (one: typeof page) => sessions.listByUser(id, one)
      const first = await pageFor(read, page, format, query.limit !== undefined)
      if (first.items.length === 0 && page.cursor === null) throw notFound(`user ${JSON.stringify(id)}`)
      return format === 'csv'
        ? attendance(first, `attendance-user`, page.cursor === null, presentUserSession)
        : paged(first, presentUserSession)
    },
  },
  {
    path: 'rooms/{room_id}/sessions',
    pattern: /^rooms\/(.+)\/sessions$/s,
    summary: 'Attendance of a room, one row a session, by its beginning',
    query: roomSessionsQuery,
    schema: pageOf(sessionSchema),
    givesCsv: true,
    async answer({ sessions, rooms }, id, query) {
      const { format, order, ...page } = checked(roomSessionsQuery, query)
      const read = (one: typeof page) => sessions.listByRoom(id, { ...one, order })
      const first = await pageFor(read, page, format, query.limit !== undefined)
      // A room in which nobody was yet has no sessions; one without a single event does not exist.
      if (first.items.length === 0 && page.cursor === null)
        if ((await rooms.readTimeline(id, { limit: 1, cursor: null, order })).items.length === 0)
          throw notFound(`room ${JSON.stringify(id)}`)
      return format === 'csv'
        ? attendance(first, `attendance-room`, page.cursor === null, presentSession)
        : paged(first, presentSession)
    },
  },
  {
    path: 'rooms/{room_id}/events',
    pattern: /^rooms\/(.+)\/events$/s,
    summary: 'The event log of a room',
    query: eventsQuery,
    schema: pageOf(eventSchema),
    async answer({ rooms }, id, query) {
      const page = checked(eventsQuery, query)
      const found = await rooms.readTimeline(id, page)
      // A page behind the last one is empty; a room without a single event does not exist.
      if (found.items.length === 0 && page.cursor === null) throw notFound(`room ${JSON.stringify(id)}`)
      return paged(found, presentTimelineEntry)
    },
  },
  {
    path: 'rooms/{room_id}',
    pattern: /^rooms\/(.+)$/s,
    summary: 'A room, the people who are or were in it, and its recordings',
    query: z.object({}),
    schema: roomDetailsSchema,
    async answer({ rooms, timeZone, now }, id) {
      const room = presentRoomDetails(id, await rooms.readRoom(id), { timeZone, now: now() })
      if (room === undefined) throw notFound(`room ${JSON.stringify(id)}`)
      return { json: room }
    },
  },
]

export function findRoute(path: string): { readonly route: ApiPath; readonly id: string } | undefined {
  for (const route of apiPaths) {
    const match = route.pattern.exec(path)
    if (match !== null) return { route, id: match[1] ?? '' }
  }
  return undefined
}

function paged<Row>({ items, cursor }: Page<Row>, toAnswer: (row: Row) => unknown): Result {
  return { json: { items: items.map(toAnswer), cursor } }
}
