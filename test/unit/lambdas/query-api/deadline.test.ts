import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DeadlineExceededError } from '../../../../lambdas/deadline.ts'
import { createApi } from './test-api.ts'

const never = new Promise<never>(() => undefined)
const hang = () => never

/** All paths that read, with the reader methods that they call if the store is empty. */
const reads: [path: string, query: string, methods: string[]][] = [
  ['/api/rooms', '', ['listRooms']],
  ['/api/rooms', 'room_id=R', ['findRoom']],
  ['/api/rooms/R', '', ['readRoom']],
  ['/api/room', 'room_id=R', ['readRoom']],
  ['/api/rooms/R/events', '', ['readTimeline']],
  ['/api/rooms/R/sessions', '', ['listByRoom', 'readTimeline']],
  ['/api/rooms/R/sessions', 'format=csv', ['listByRoom', 'readTimeline']],
  ['/api/users/U/sessions', '', ['listByUser']],
  ['/api/users/U/sessions', 'format=csv', ['listByUser']],
  ['/api/events', 'room_id=R', ['readTimeline']],
  ['/api/events', 'box_code=B', ['readWarnings']],
  ['/api/sessions', 'room_id=R', ['listByRoom', 'readTimeline']],
  ['/api/sessions', 'user_id=U&format=csv', ['listByUser']],
  ['/api/meetings', 'room_id=R', ['readRoomRecord', 'readRoomSessions', 'readTimeline']],
  ['/api/attendance', 'room_id=R', ['readRoomSessions', 'readTimeline']],
  ['/api/timeline', 'room_id=R&from=2024-11-24T08:00Z', ['readRoomSessions', 'readTimeline']],
  ['/api/recordings', '', ['listRecordings', 'readClosingTimes']],
  ['/api/recordings', 'room_id=R', ['listRecordingsOfRoom', 'readClosingTimes']],
  ['/api/boxes', '', ['listBoxes']],
  ['/api/refused', '', ['listRefused']],
  ['/api/stats', '', ['countOpen', 'health.read']],
  ['/api/callbacks', '', ['countByKind', 'countRefusals']],
  ['/api/usage', '', ['listHours']],
  ['/api/people', '', ['listPeople', 'readOpenRooms', 'readLastSeen']],
]

describe('the query API', () => {
  it.each(reads)(
    'passes one signal to all readers for %s?%s, and does not abort it in time',
    async (path, query, methods) => {
      const { get, signals } = createApi()
      await get(path, query)
      expect([...signals.keys()].sort()).toEqual(methods.toSorted())
      expect(new Set(signals.values()).size).toBe(1)
      for (const signal of signals.values()) expect(signal).toMatchObject({ aborted: false })
    },
  )
})

describe('the query API after its deadline', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())

  /** Leaves 50 ms for reading. The rest is kept for the response. */
  const remainingMs = 2_050

  it.each<[string, string, Parameters<typeof createApi>[0]]>([
    ['/api/rooms', '', { listRooms: hang }],
    ['/api/rooms', 'room_id=R', { findRoom: hang }],
    ['/api/rooms/R', '', { readRoom: hang }],
    ['/api/room', 'room_id=R', { readRoom: hang }],
    ['/api/rooms/R/events', '', { readTimeline: hang }],
    ['/api/rooms/R/sessions', '', { listByRoom: hang }],
    ['/api/rooms/R/sessions', 'format=csv', { listByRoom: hang }],
    ['/api/users/U/sessions', '', { listByUser: hang }],
    ['/api/events', 'room_id=R', { readTimeline: hang }],
    ['/api/sessions', 'room_id=R', { listByRoom: hang }],
    ['/api/sessions', 'user_id=U', { listByUser: hang }],
    ['/api/recordings', '', { listRecordings: hang }],
    ['/api/recordings', '', { readClosingTimes: hang }],
    ['/api/recordings', 'room_id=R', { listRecordingsOfRoom: hang }],
    ['/api/boxes', '', { listBoxes: hang }],
    ['/api/usage', '', { listHours: hang }],
    ['/api/people', '', { listPeople: hang }],
    ['/api/refused', '', { listRefused: hang }],
    ['/api/stats', '', { countOpen: hang }],
    ['/api/callbacks', '', { countByKind: hang }],
    ['/api/callbacks', '', { countRefusals: hang }],
  ])('responds to %s?%s with 500, aborts the readers and logs the error: %o', async (path, query, readers) => {
    const { get, signals, logger } = createApi({ ...readers, remainingMs })
    const logError = vi.spyOn(logger, 'error')
    const response = get(path, query)
    await vi.advanceTimersByTimeAsync(49)
    for (const signal of signals.values()) expect(signal).toMatchObject({ aborted: false })
    await vi.advanceTimersByTimeAsync(1)
    expect(await response).toMatchObject({
      status: 500,
      body: { ret: 500, msg: expect.stringMatching(/query failed/) },
    })
    expect(signals.size).toBeGreaterThan(0)
    for (const signal of signals.values()) expect(signal?.reason).toBeInstanceOf(DeadlineExceededError)
    expect(logError).toHaveBeenCalledWith('query failed', expect.any(DeadlineExceededError))
  })
})
