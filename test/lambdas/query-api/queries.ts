import { Logger } from '@aws-lambda-powertools/logger'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { NorthboundEvent } from '../../../core/protocol/events.ts'
import { fold } from '../../../core/state/fold.ts'
import { createHandler } from '../../../lambdas/query-api/handler.ts'
import type {
  CatalogueReader,
  Health,
  PageRequest,
  RoomReader,
  RoomSummary,
  SessionReader,
  WholeRoom,
} from '../../../lambdas/query-api/readers.ts'
import { context, type GatewayRequest, gatewayEvent } from '../../support/api-gateway.ts'

export const token = 'api-t0ken'
export const noon = Date.UTC(2024, 10, 24, 12)
/** ISO text of noon and so many ms. */
export const iso = (ms: number) => new Date(noon + ms).toISOString()

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

type Settings = Partial<RoomReader & SessionReader & CatalogueReader> & {
  readonly health?: Health
  readonly token?: string
}

/** The query function over readers that remember what they were asked for. */
export function api({ health = healthy, token: expected = token, ...reader }: Settings = {}) {
  const asked: [what: string, ...unknown[]][] = []
  const nothing: WholeRoom = { room: undefined, participants: [], recordings: [], last_event_at: undefined }
  const handler = createHandler({
    rooms: {
      async listRooms(status, page: PageRequest) {
        asked.push(['listRooms', status, page])
        return (await reader.listRooms?.(status, page)) ?? { items: [], cursor: null }
      },
      async countOpen() {
        asked.push(['countOpen'])
        return (await reader.countOpen?.()) ?? { rooms: 3, participants: 5 }
      },
      async readRoom(roomId) {
        asked.push(['readRoom', roomId])
        return (await reader.readRoom?.(roomId)) ?? nothing
      },
      async readTimeline(roomId, page) {
        asked.push(['readTimeline', roomId, page])
        return (await reader.readTimeline?.(roomId, page)) ?? { items: [], cursor: null }
      },
    },
    sessions: {
      async ofRoom(roomId, page) {
        asked.push(['ofRoom', roomId, page])
        return (await reader.ofRoom?.(roomId, page)) ?? { items: [], cursor: null }
      },
      async ofUser(userId, page) {
        asked.push(['ofUser', userId, page])
        return (await reader.ofUser?.(userId, page)) ?? { items: [], cursor: null }
      },
    },
    catalogue: {
      listRecordings: async (page) => (await reader.listRecordings?.(page)) ?? { items: [], cursor: null },
      recordingsOfRoom: async (roomId) => (await reader.recordingsOfRoom?.(roomId)) ?? [],
      listBoxes: async (page) => (await reader.listBoxes?.(page)) ?? { items: [], cursor: null },
      closedRooms: async (roomIds) => (await reader.closedRooms?.(roomIds)) ?? new Map(),
    },
    consoleFile: () => undefined,
    now: () => noon + 7_200_000,
    health: { read: async () => health },
    token: async () => expected,
    timeZone: 'Asia/Shanghai',
    logger: new Logger({ logLevel: 'SILENT' }),
  })
  async function call(request: GatewayRequest) {
    const answer: APIGatewayProxyStructuredResultV2 = await handler(gatewayEvent(request), context)
    const { statusCode, headers = {}, body = '' } = answer
    const parsed: unknown = JSON.parse(body)
    return { status: statusCode, headers, body: parsed }
  }
  return {
    asked,
    call,
    get: (path: string, query = '') => call({ path, query, headers: { authorization: `Bearer ${token}` } }),
  }
}

/** What the store would hold of room R after these events. */
export function wholeRoom(events: readonly NorthboundEvent[], last_event_at: number): WholeRoom {
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
