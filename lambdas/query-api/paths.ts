import { z } from 'zod'
import {
  boxAnswer,
  recordingAnswer,
  roomAnswer,
  sessionAnswer,
  statsAnswer,
  timelineAnswer,
  userSessionAnswer,
  wholeRoomAnswer,
} from './answers.ts'
import { sessionsCsv } from './csv.ts'
import type { HandlerDependencies } from './handler.ts'
import type { Result } from './http-answers.ts'
import type { Page, RecordingRow, SessionRow } from './readers.ts'
import { notFound, Refusal } from './refusal.ts'
import {
  boxSchema,
  eventSchema,
  pageOf,
  recordingSchema,
  recordingStatuses,
  roomSchema,
  sessionSchema,
  statsSchema,
  userSessionSchema,
  wholeRoomSchema,
} from './schemas.ts'

type Query = Readonly<Record<string, string | undefined>>

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

const limitError = 'must be a whole number from 1 to 1000'
const pageQuery = z.object({
  limit: z.coerce
    .number({ error: limitError })
    .int(limitError)
    .min(1, limitError)
    .max(1000, limitError)
    .default(100)
    .describe('items on a page; a page may have fewer and not be the last'),
  cursor: z.string().nullable().default(null).describe('of the page before'),
})

const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.enum(values, { error: `must be ${values.slice(0, -1).join(', ')} or ${values.at(-1)}` })

const roomsQuery = pageQuery.extend({ status: oneOf(['open', 'closed', 'all']).default('open') })

const csvQuery = pageQuery.extend({ format: oneOf(['json', 'csv']).default('json') })
const roomSessionsQuery = csvQuery.extend({ order: oneOf(['oldest', 'newest']).default('oldest') })

const recordingsQuery = pageQuery.extend({
  status: oneOf(recordingStatuses).optional(),
  room_id: z.string().optional(),
})

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
      return paged(await rooms.listRooms(status, page), roomAnswer)
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
      return { json: statsAnswer(open, figures) }
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
    async answer({ catalogue }, _id, query) {
      return paged(await catalogue.listBoxes(checked(pageQuery, query)), boxAnswer)
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
      const read = (one: typeof page) => sessions.ofUser(id, one)
      const first = await pageFor(read, page, format, query.limit !== undefined)
      if (first.items.length === 0 && page.cursor === null) throw notFound(`user ${JSON.stringify(id)}`)
      return format === 'csv'
        ? attendance(first, `attendance-user`, page.cursor === null, userSessionAnswer)
        : paged(first, userSessionAnswer)
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
      const read = (one: typeof page) => sessions.ofRoom(id, { ...one, order })
      const first = await pageFor(read, page, format, query.limit !== undefined)
      // A room in which nobody was yet has no sessions; one without a single event does not exist.
      if (first.items.length === 0 && page.cursor === null)
        if ((await rooms.readTimeline(id, { limit: 1, cursor: null, order })).items.length === 0)
          throw notFound(`room ${JSON.stringify(id)}`)
      return format === 'csv'
        ? attendance(first, `attendance-room`, page.cursor === null, sessionAnswer)
        : paged(first, sessionAnswer)
    },
  },
  {
    path: 'rooms/{room_id}/events',
    pattern: /^rooms\/(.+)\/events$/s,
    summary: 'The event log of a room',
    query: pageQuery.extend({ order: oneOf(['oldest', 'newest']).default('oldest') }),
    schema: pageOf(eventSchema),
    async answer({ rooms }, id, query) {
      const page = checked(pageQuery.extend({ order: oneOf(['oldest', 'newest']).default('oldest') }), query)
      const found = await rooms.readTimeline(id, page)
      // A page behind the last one is empty; a room without a single event does not exist.
      if (found.items.length === 0 && page.cursor === null) throw notFound(`room ${JSON.stringify(id)}`)
      return paged(found, timelineAnswer)
    },
  },
  {
    path: 'rooms/{room_id}',
    pattern: /^rooms\/(.+)$/s,
    summary: 'A room, the people who are or were in it, and its recordings',
    query: z.object({}),
    schema: wholeRoomSchema,
    async answer({ rooms, timeZone, now }, id) {
      const room = wholeRoomAnswer(id, await rooms.readRoom(id), { timeZone, now: now() })
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

/** Rows that one table takes at a time: some 2 MB. */
const rowsOfTable = 10_000

type AnyPage = { readonly limit: number; readonly cursor: string | null }

/** A page; for a table, where nobody asked for pages, as many as fit. */
async function pageFor<Row>(
  read: (page: AnyPage) => Promise<Page<Row>>,
  page: AnyPage,
  format: 'json' | 'csv',
  limited: boolean,
): Promise<Page<Row>> {
  if (format === 'json' || limited) return read(page)
  const items: Row[] = []
  let cursor = page.cursor
  do {
    const next = await read({ limit: 1000, cursor })
    items.push(...next.items)
    cursor = next.cursor
  } while (cursor !== null && items.length < rowsOfTable)
  return { items, cursor }
}

function attendance<Row extends SessionRow>(
  { items, cursor }: Page<Row>,
  name: string,
  header: boolean,
  toAnswer: (row: Row) => ReturnType<typeof sessionAnswer>,
): Result {
  const room = name === 'attendance-user'
  return { csv: sessionsCsv(items.map(toAnswer), { header, room }), fileName: `${name}.csv`, cursor }
}

/** Pages of recordings that one request looks through for those of a status. */
const mostPages = 10

async function recordings(
  { catalogue, timeZone, now }: HandlerDependencies,
  { status, room_id, ...page }: z.output<typeof recordingsQuery>,
): Promise<Result> {
  const answered = async (rows: readonly RecordingRow[]) => {
    const unfinished = rows.filter(({ state }) => state.status === 'recording').map((row) => row.room_id)
    const closed = await catalogue.closedRooms(unfinished)
    const all = rows.map((row) => recordingAnswer(row, closed.get(row.room_id) ?? null, { timeZone, now: now() }))
    return status === undefined ? all : all.filter((recording) => recording.status === status)
  }
  if (room_id !== undefined) {
    const items = await answered(await catalogue.recordingsOfRoom(room_id))
    return { json: { items, cursor: null } }
  }
  let items: Awaited<ReturnType<typeof answered>> = []
  let { cursor } = page
  for (let pages = 0; pages < mostPages; pages++) {
    // Never more than are wanted: the cursor stands behind the last that was looked at.
    const next: Page<RecordingRow> = await catalogue.listRecordings({ limit: page.limit - items.length, cursor })
    items = [...items, ...(await answered(next.items))]
    cursor = next.cursor
    if (cursor === null || items.length >= page.limit) break
  }
  return { json: { items, cursor } }
}

/** @throws Refusal 400 naming the parameter. */
function checked<Schema extends z.ZodType>(schema: Schema, query: Query): z.output<Schema> {
  const parsed = schema.safeParse(query)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new Refusal(400, `parameter "${issue?.path.join('.')}" ${issue?.message}`)
}
