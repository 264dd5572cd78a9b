import { Logger } from '@aws-lambda-powertools/logger'
import type { APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda'
import type { CallbackCountReader } from '../../../../core/ports/callback-counter.ts'
import type { CatalogReader } from '../../../../core/ports/catalog-reader.ts'
import type { Health } from '../../../../core/ports/health-reader.ts'
import type { MeetingReader } from '../../../../core/ports/meeting-reader.ts'
import type { OpenRoomsReader } from '../../../../core/ports/open-rooms-reader.ts'
import type { PageRequest } from '../../../../core/ports/page.ts'
import type { PeopleReader } from '../../../../core/ports/people-directory.ts'
import type { RefusalCountReader } from '../../../../core/ports/refusal-counter.ts'
import type { RefusedSampleReader } from '../../../../core/ports/refused-samples.ts'
import type { RoomDetails, RoomReader, RoomSummary } from '../../../../core/ports/room-reader.ts'
import type { ApiTokens, SecretReading } from '../../../../core/ports/secret-reader.ts'
import type { SessionReader } from '../../../../core/ports/session-reader.ts'
import type { UsageReader } from '../../../../core/ports/usage-store.ts'
import type { NorthboundEvent } from '../../../../core/protocol/events.ts'
import { fold } from '../../../../core/state/fold.ts'
import type { ConsoleFile } from '../../../../lambdas/query-api/console-files.ts'
import type { QueryApiDependencies } from '../../../../lambdas/query-api/dependencies.ts'
import { createHandler } from '../../../../lambdas/query-api/handler.ts'
import { createGatewayEvent, type GatewayRequest } from '../../../support/api-gateway.ts'

export const token = 'api-t0ken'
export const noon = Date.UTC(2024, 10, 24, 12)
/** Formats the time `ms` after noon. */
export const isoAfterNoon = (ms: number) => new Date(noon + ms).toISOString()

export const healthy: Health = {
  callbacks_last_hour: 7,
  dead_letters: 1,
  queue_depth: 4,
  last_callback_at: noon - 5,
  open_alerts: [],
  has_open_warnings: false,
  last_wrong_check_code_at: undefined,
  reconciliation: 'on',
  drift_last_sweep: 2,
  last_sweep_at: noon,
  last_sweep_ok: true,
}

type TestApiOptions = Partial<
  RoomReader &
    SessionReader &
    MeetingReader &
    CatalogReader &
    RefusedSampleReader &
    CallbackCountReader &
    RefusalCountReader &
    UsageReader &
    PeopleReader &
    OpenRoomsReader
> & {
  readonly health?: Health
  readonly token?: string
  /** What the secret holds if it is read again. */
  readonly newestTokens?: SecretReading<ApiTokens>
  /** What is known of the secret. */
  readonly knownTokens?: SecretReading<ApiTokens>
  /** ms since 1970 */
  readonly now?: () => number
  readonly queryRate?: QueryApiDependencies['queryRate']
  readonly consoleFile?: (path: string) => ConsoleFile | undefined
  /** Time that the invocation has left, in ms. */
  readonly remainingMs?: number
}

/** Runs the handler with the given readers and records their calls and the signals that they received. */
export function createApi({
  health = healthy,
  token: expected = token,
  knownTokens = { outcome: 'configured', value: [expected] },
  newestTokens = knownTokens,
  remainingMs = 10_000,
  consoleFile = () => undefined,
  now = () => noon + 7_200_000,
  queryRate,
  ...reader
}: TestApiOptions = {}) {
  const calls: [method: string, ...unknown[]][] = []
  const signals = new Map<string, AbortSignal | undefined>()
  const logger = new Logger({ logLevel: 'SILENT' })
  const unknownRoom: RoomDetails = {
    room: undefined,
    joined: [],
    participants: [],
    recordings: [],
    cursor: null,
  }
  const handler = createHandler({
    rooms: {
      async listRooms(status, page: PageRequest, signal) {
        signals.set('listRooms', signal)
        calls.push(['listRooms', status, page])
        return (await reader.listRooms?.(status, page, signal)) ?? { items: [], cursor: null }
      },
      async findRoom(roomId, signal) {
        signals.set('findRoom', signal)
        calls.push(['findRoom', roomId])
        return reader.findRoom?.(roomId, signal)
      },
      async countOpen(signal) {
        signals.set('countOpen', signal)
        calls.push(['countOpen'])
        return (await reader.countOpen?.(signal)) ?? { rooms: 3, participants: 5 }
      },
      async readRoom(roomId, page, signal) {
        signals.set('readRoom', signal)
        calls.push(['readRoom', roomId, page])
        return (await reader.readRoom?.(roomId, page, signal)) ?? unknownRoom
      },
      async readTimeline(roomId, page, signal) {
        signals.set('readTimeline', signal)
        calls.push(['readTimeline', roomId, page])
        return (await reader.readTimeline?.(roomId, page, signal)) ?? { items: [], cursor: null }
      },
      async readWarnings(boxCode, page, signal) {
        signals.set('readWarnings', signal)
        calls.push(['readWarnings', boxCode, page])
        return (await reader.readWarnings?.(boxCode, page, signal)) ?? { items: [], cursor: null }
      },
    },
    sessions: {
      async listByRoom(roomId, page, signal) {
        signals.set('listByRoom', signal)
        calls.push(['listByRoom', roomId, page])
        return (await reader.listByRoom?.(roomId, page, signal)) ?? { items: [], cursor: null }
      },
      async listByUser(userId, page, signal) {
        signals.set('listByUser', signal)
        calls.push(['listByUser', userId, page])
        return (await reader.listByUser?.(userId, page, signal)) ?? { items: [], cursor: null }
      },
    },
    meetings: {
      async readRoomRecord(roomId, signal) {
        signals.set('readRoomRecord', signal)
        return (await reader.readRoomRecord?.(roomId, signal)) ?? { room: undefined, events: [] }
      },
      async readRoomSessions(roomId, interval, signal) {
        signals.set('readRoomSessions', signal)
        calls.push(['readRoomSessions', roomId, interval])
        return (await reader.readRoomSessions?.(roomId, interval, signal)) ?? []
      },
    },
    catalog: {
      async listRecordings(page, signal) {
        signals.set('listRecordings', signal)
        return (await reader.listRecordings?.(page, signal)) ?? { items: [], cursor: null }
      },
      async listRecordingsOfRoom(roomId, signal) {
        signals.set('listRecordingsOfRoom', signal)
        return (await reader.listRecordingsOfRoom?.(roomId, signal)) ?? []
      },
      async listBoxes(page, signal) {
        signals.set('listBoxes', signal)
        return (await reader.listBoxes?.(page, signal)) ?? { items: [], cursor: null }
      },
      async readClosingTimes(roomIds, signal) {
        signals.set('readClosingTimes', signal)
        return (await reader.readClosingTimes?.(roomIds, signal)) ?? new Map()
      },
    },
    callbackCounts: {
      async countByKind(period, signal) {
        signals.set('countByKind', signal)
        calls.push(['countByKind', period])
        return (await reader.countByKind?.(period, signal)) ?? {}
      },
    },
    refusalCounts: {
      async countRefusals(period, signal) {
        signals.set('countRefusals', signal)
        calls.push(['countRefusals', period])
        return (await reader.countRefusals?.(period, signal)) ?? {}
      },
    },
    people: {
      async listPeople(request, signal) {
        signals.set('listPeople', signal)
        calls.push(['listPeople', request])
        return (await reader.listPeople?.(request, signal)) ?? { items: [], cursor: null }
      },
      async readLastSeen(entries, signal) {
        signals.set('readLastSeen', signal)
        return (await reader.readLastSeen?.(entries, signal)) ?? new Map()
      },
    },
    openRooms: {
      async readOpenRooms(signal) {
        signals.set('readOpenRooms', signal)
        return (await reader.readOpenRooms?.(signal)) ?? { rooms: [], present: [] }
      },
    },
    usage: {
      async listHours(request, signal) {
        signals.set('listHours', signal)
        calls.push(['listHours', request])
        return (await reader.listHours?.(request, signal)) ?? { hours: [], next: undefined }
      },
    },
    consoleFile,
    now,
    queryRate,
    health: {
      async read(signal) {
        signals.set('health.read', signal)
        return health
      },
    },
    refused: {
      async listRefused(at, page, signal) {
        signals.set('listRefused', signal)
        return (await reader.listRefused?.(at, page, signal)) ?? { items: [], cursor: null }
      },
    },
    tokens: { read: async () => knownTokens, refresh: async () => newestTokens },
    alertRules: { alertWindowMs: 600_000 },
    timeZone: 'Asia/Shanghai',
    logger,
  })
  const context = { getRemainingTimeInMillis: () => remainingMs } as Context
  /** Returns the response as Lambda gets it. */
  const callRaw = (request: GatewayRequest): Promise<APIGatewayProxyStructuredResultV2> =>
    handler(createGatewayEvent(request), context)
  async function call(request: GatewayRequest) {
    const response = await callRaw(request)
    const { statusCode, headers = {}, body = '' } = response
    const parsed: unknown = body === '' ? undefined : JSON.parse(body)
    return { status: statusCode, headers, body: parsed }
  }
  return {
    calls,
    signals,
    logger,
    call,
    callRaw,
    getRaw: (path: string, query = '') => callRaw({ path, query, headers: { authorization: `Bearer ${token}` } }),
    get: (path: string, query = '') => call({ path, query, headers: { authorization: `Bearer ${token}` } }),
  }
}

/** Returns the stored details of a room after these events. */
export function roomDetailsAfter(events: readonly NorthboundEvent[]): RoomDetails {
  const states = [...fold(events, { alertWindowMs: 1, timeZone: 'Asia/Shanghai' })]
  const participants = states.flatMap(([key, state]) =>
    state.kind === 'participant' && state.session !== null ? [{ user_id: String(JSON.parse(key)[2]), state }] : [],
  )
  const sessions = participants.flatMap(({ state }) => state.session ?? [])
  return {
    room: states.flatMap(([, state]) => (state.kind === 'room' ? [state] : []))[0],
    joined: sessions.filter(({ end }) => end === null).map(({ joined_at }) => joined_at),
    participants,
    recordings: states.flatMap(([, state]) => (state.kind === 'recording' ? [state] : [])),
    cursor: null,
  }
}

export const openRoom: RoomSummary = {
  room_id: 'R',
  state: {
    status: 'open',
    opened_at: noon,
    closed_at: null,
    close_reason: null,
    reopened: 1,
    opening_estimated: false,
    closing_estimated: false,
  },
  joined: [noon + 1, noon + 2],
}
