import { Logger } from '@aws-lambda-powertools/logger'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { CatalogReader } from '../../../../core/ports/catalog-reader.ts'
import type { Health } from '../../../../core/ports/health-reader.ts'
import type { PageRequest } from '../../../../core/ports/page.ts'
import type { RoomDetails, RoomReader, RoomSummary } from '../../../../core/ports/room-reader.ts'
import type { SessionReader } from '../../../../core/ports/session-reader.ts'
import type { NorthboundEvent } from '../../../../core/protocol/events.ts'
import { fold } from '../../../../core/state/fold.ts'
import { createHandler } from '../../../../lambdas/query-api/handler.ts'
import { createGatewayEvent, type GatewayRequest, lambdaContext } from '../../../support/api-gateway.ts'

export const token = 'api-t0ken'
export const noon = Date.UTC(2024, 10, 24, 12)
/** Formats the time `ms` after noon. */
export const isoAfterNoon = (ms: number) => new Date(noon + ms).toISOString()

const healthy: Health = {
  events_last_hour: 7,
  dead_letters: 1,
  queue_depth: 4,
  last_event_at: noon - 5,
  reconciliation: 'on',
  drift_last_sweep: 2,
  last_sweep_at: noon,
  last_sweep_ok: true,
}

type TestApiOptions = Partial<RoomReader & SessionReader & CatalogReader> & {
  readonly health?: Health
  readonly token?: string
}

/** Runs the handler with the given readers and records their calls. */
export function createApi({ health = healthy, token: expected = token, ...reader }: TestApiOptions = {}) {
  const calls: [method: string, ...unknown[]][] = []
  const unknownRoom: RoomDetails = { room: undefined, participants: [], recordings: [], last_event_at: undefined }
  const handler = createHandler({
    rooms: {
      async listRooms(status, page: PageRequest) {
        calls.push(['listRooms', status, page])
        return (await reader.listRooms?.(status, page)) ?? { items: [], cursor: null }
      },
      async countOpen() {
        calls.push(['countOpen'])
        return (await reader.countOpen?.()) ?? { rooms: 3, participants: 5 }
      },
      async readRoom(roomId) {
        calls.push(['readRoom', roomId])
        return (await reader.readRoom?.(roomId)) ?? unknownRoom
      },
      async readTimeline(roomId, page) {
        calls.push(['readTimeline', roomId, page])
        return (await reader.readTimeline?.(roomId, page)) ?? { items: [], cursor: null }
      },
    },
    sessions: {
      async listByRoom(roomId, page) {
        calls.push(['listByRoom', roomId, page])
        return (await reader.listByRoom?.(roomId, page)) ?? { items: [], cursor: null }
      },
      async listByUser(userId, page) {
        calls.push(['listByUser', userId, page])
        return (await reader.listByUser?.(userId, page)) ?? { items: [], cursor: null }
      },
    },
    catalog: {
      listRecordings: async (page) => (await reader.listRecordings?.(page)) ?? { items: [], cursor: null },
      listRecordingsOfRoom: async (roomId) => (await reader.listRecordingsOfRoom?.(roomId)) ?? [],
      listBoxes: async (page) => (await reader.listBoxes?.(page)) ?? { items: [], cursor: null },
      readClosingTimes: async (roomIds) => (await reader.readClosingTimes?.(roomIds)) ?? new Map(),
    },
    consoleFile: () => undefined,
    now: () => noon + 7_200_000,
    health: { read: async () => health },
    token: async () => expected,
    timeZone: 'Asia/Shanghai',
    logger: new Logger({ logLevel: 'SILENT' }),
  })
  async function call(request: GatewayRequest) {
    const response: APIGatewayProxyStructuredResultV2 = await handler(createGatewayEvent(request), lambdaContext)
    const { statusCode, headers = {}, body = '' } = response
    const parsed: unknown = JSON.parse(body)
    return { status: statusCode, headers, body: parsed }
  }
  return {
    calls,
    call,
    get: (path: string, query = '') => call({ path, query, headers: { authorization: `Bearer ${token}` } }),
  }
}

/** Returns the stored details of a room after these events. */
export function roomDetailsAfter(events: readonly NorthboundEvent[], last_event_at: number): RoomDetails {
  const states = [...fold(events, { alertWindowMs: 1 })]
  return {
    room: states.flatMap(([, state]) => (state.kind === 'room' ? [state] : []))[0],
    participants: states.flatMap(([key, state]) =>
      state.kind === 'participant' ? [{ user_id: String(JSON.parse(key)[2]), state }] : [],
    ),
    recordings: states.flatMap(([, state]) => (state.kind === 'recording' ? [state] : [])),
    last_event_at,
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
  last_event_at: noon + 3,
}
