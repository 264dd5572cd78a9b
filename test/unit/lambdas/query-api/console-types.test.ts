import { expectTypeOf, it } from 'vitest'
import type { z } from 'zod'
import type {
  ApiAttendance,
  ApiBox,
  ApiCallbackCounts,
  ApiMeeting,
  ApiPage,
  ApiRecording,
  ApiRoom,
  ApiRoomDetails,
  ApiSession,
  ApiStats,
  ApiTimeline,
} from '../../../../console/api-types.ts'
import type {
  attendanceSchema,
  meetingSchema,
  timelineSchema,
  userSessionSchema,
} from '../../../../lambdas/query-api/response-schemas/attendance.ts'
import type { pageOf } from '../../../../lambdas/query-api/response-schemas/fields.ts'
import type { boxSchema, callbacksSchema, statsSchema } from '../../../../lambdas/query-api/response-schemas/health.ts'
import type {
  recordingSchema,
  roomDetailsSchema,
  roomSchema,
} from '../../../../lambdas/query-api/response-schemas/rooms.ts'

// The console must not import the product, so it declares the response types again. tsc fails here if they differ.
it('query API responses have the types that the console declares', () => {
  expectTypeOf<z.output<typeof roomSchema>>().toExtend<ApiRoom>()
  expectTypeOf<z.output<typeof roomDetailsSchema>>().toExtend<ApiRoomDetails>()
  expectTypeOf<z.output<typeof recordingSchema>>().toExtend<ApiRecording>()
  expectTypeOf<z.output<typeof callbacksSchema>>().toExtend<ApiCallbackCounts>()
  expectTypeOf<z.output<typeof meetingSchema>>().toExtend<ApiMeeting>()
  expectTypeOf<z.output<typeof attendanceSchema>>().toExtend<ApiAttendance>()
  expectTypeOf<z.output<typeof timelineSchema>>().toExtend<ApiTimeline>()
  expectTypeOf<z.output<typeof userSessionSchema>>().toExtend<ApiSession>()
  expectTypeOf<z.output<typeof boxSchema>>().toExtend<ApiBox>()
  expectTypeOf<z.output<typeof statsSchema>>().toExtend<ApiStats>()
  expectTypeOf<keyof z.output<typeof statsSchema>>().toEqualTypeOf<keyof ApiStats>()
  expectTypeOf<z.output<ReturnType<typeof pageOf<typeof roomSchema>>>>().toExtend<ApiPage<ApiRoom>>()
})
