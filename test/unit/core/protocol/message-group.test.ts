import { describe, expect, it } from 'vitest'
import { messageGroupOf } from '../../../../core/protocol/message-group.ts'

describe('messageGroupOf', () => {
  it('is the same for everything in a room', () => {
    const group = messageGroupOf({ event: 'open', room_id: 'R' })
    expect(messageGroupOf({ event: 'join', room_id: 'R', user_id: 'U' })).toBe(group)
    expect(messageGroupOf({ kind: 'participant', room_id: 'R', user_id: 'V' })).toBe(group)
    expect(messageGroupOf({ event: 'warning_notify', room_id: 'R', box_code: 'B' })).toBe(group)
  })

  it('differs between rooms, media servers, and events that name neither', () => {
    const subjects = [{ room_id: 'R' }, { room_id: 'S' }, { box_code: 'R' }, { box_code: 'S' }, { event: 'license' }]
    expect(new Set(subjects.map(messageGroupOf)).size).toBe(subjects.length)
  })

  it('is one constant for all events that name neither a room nor a media server', () => {
    expect(messageGroupOf({ event: 'license', room_id: '' })).toBe(messageGroupOf({ box_code: '' }))
  })

  it('rarely is the same for two rooms', () => {
    const groups = Array.from({ length: 10_000 }, (_, index) => messageGroupOf({ room_id: `18972${index}` }))
    expect(new Set(groups).size).toBeGreaterThan(9_990)
  })

  it.each(['R', '房间 1', '\u0000', '\ud800', '🎥'.repeat(1024), 'x'.repeat(4096)])(
    'is short and has only characters that SQS accepts for the room %j',
    (room_id) => {
      for (const group of [messageGroupOf({ room_id }), messageGroupOf({ box_code: room_id }), messageGroupOf({})])
        expect(group).toMatch(/^[a-z0-9-]{1,16}$/)
    },
  )
})
