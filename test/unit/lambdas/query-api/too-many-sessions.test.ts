import { describe, expect, it } from 'vitest'
import { TooManySessionsError } from '../../../../core/ports/meeting-reader.ts'
import { createApi } from './test-api.ts'

describe('a room with more sessions than a query can hold in memory', () => {
  it.each(['/api/meetings?', '/api/attendance?', '/api/timeline?from=2024-11-24T00:00Z&'])(
    'gets 413 with what to change: %sroom_id=R',
    async (path) => {
      const { get } = createApi({ readRoomSessions: () => Promise.reject(new TooManySessionsError(200_000)) })
      const [route = '', query = ''] = `${path}room_id=R`.split('?')
      const msg = 'the room has more than 200,000 sessions in the interval; use a shorter one, or a later "from"'
      expect(await get(route, query)).toMatchObject({ status: 413, body: { ret: 413, msg } })
    },
  )
})
