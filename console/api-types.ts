import type { z } from 'zod'
import type {
  boxSchema,
  eventSchema,
  recordingSchema,
  roomDetailsSchema,
  roomSchema,
  sessionSchema,
  statsSchema,
  userSessionSchema,
} from '../lambdas/query-api/response-schemas.ts'

export type ApiRoom = z.output<typeof roomSchema>
export type ApiRoomDetails = z.output<typeof roomDetailsSchema>
export type ApiParticipant = ApiRoomDetails['participants'][number]
export type ApiRecording = z.output<typeof recordingSchema>
export type ApiBox = z.output<typeof boxSchema>
export type ApiStats = z.output<typeof statsSchema>
export type ApiEvent = z.output<typeof eventSchema>
export type ApiSession = z.output<typeof sessionSchema> & {
  /** Absent in the sessions of a room. */
  readonly room_id?: z.output<typeof userSessionSchema>['room_id']
}

export type ApiPage<Item> = { readonly items: Item[]; readonly cursor: string | null }
