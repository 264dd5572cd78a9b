import { describe, expect, it } from 'vitest'
import { findPresenceMistakes } from '../../chaos/check-presence.ts'
import { modelInstallation } from '../../chaos/model/installation.ts'

const logged = (event: string, params: Record<string, string>) => ({
  event,
  trace_id: `${event} ${params.room_id} ${params.user_id}`,
  received_at: '2026-01-15T01:00:00.000Z',
  source: 'callback',
  params: { ...params, event },
})
const { shown } = modelInstallation([
  logged('open', { room_id: 'R' }),
  logged('join', { room_id: 'R', user_id: '1' }),
  logged('leave', { room_id: 'R', user_id: '1', event_type: 'normal' }),
  logged('join', { room_id: 'R', user_id: '2' }),
  logged('open', { room_id: 'gone' }),
  logged('close', { room_id: 'gone', event_type: 'user' }),
])

describe('findPresenceMistakes', () => {
  it('finds nothing if the rooms and people of the platform are shown', () => {
    expect(findPresenceMistakes(shown, [{ room_id: 'R', users: [{ user_id: '2' }] }])).toEqual([])
  })

  it('finds rooms and people that are missing', () => {
    const platform = [
      { room_id: 'R', users: [{ user_id: '1' }, { user_id: '2' }] },
      { room_id: 'gone', users: [] },
    ]
    expect(findPresenceMistakes(shown, platform)).toEqual([
      'rooms and people of the platform are missing: 1 in R, gone',
    ])
  })

  it('finds rooms and people that are not on the platform', () => {
    expect(findPresenceMistakes(shown, [])).toEqual(['rooms and people are not on the platform: R, 2 in R'])
  })
})
