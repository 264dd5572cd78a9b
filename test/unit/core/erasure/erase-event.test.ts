import { describe, expect, it } from 'vitest'
import { eraseFromEvent } from '../../../../core/erasure/erase-event.ts'
import { parseEvent } from '../../../../core/protocol/events.ts'

const eventOf = (params: Record<string, string>) =>
  parseEvent({ trace_id: 't', received_at: 1, source: 'callback' }, { room_id: 'R', ...params })
const erase = (params: Record<string, string>) => eraseFromEvent(eventOf(params), (userId) => userId === 'U')

describe('eraseFromEvent', () => {
  it.each(['join', 'leave', 'update', 'publish', 'unpublish', 'sub', 'unsub'])('erases a %s of the person', (event) => {
    expect(erase({ event, user_id: 'U', stream_id: 's' })).toBe('erased')
  })

  it('returns events that do not name the person unchanged', () => {
    const event = eventOf({ event: 'join', user_id: 'V', user_name: 'U' })
    expect(eraseFromEvent(event, (userId) => userId === 'U')).toBe(event)
  })

  it.each([
    ['user_id', 'user_name'],
    ['userId', 'nickName'],
    ['uid', 'display_name'],
    ['uid', 'user_name'],
    ['operator', 'operator_name'],
    ['operator_user_id', 'operator_user_name'],
    ['hostId', 'hostName'],
    ['host_id', 'host_nickname'],
    ['host_id', 'host_display_name'],
  ])('keeps the close of a room, but without the person in %s and %s', (id, name) => {
    expect(erase({ event: 'close', event_type: 'user', [id]: 'U', [name]: 'Ann' })).toEqual(
      eventOf({ event: 'close', event_type: 'user', [id]: '[erased]', [name]: '[erased]' }),
    )
  })

  it("keeps another person's leave, but without the person who caused it", () => {
    const params = { event: 'leave', user_id: 'V', user_name: 'Bob', event_type: 'serverKick', nickname: 'B' }
    expect(erase({ ...params, operator: 'U', operator_name: 'Ann' })).toEqual(
      eventOf({ ...params, operator: '[erased]', operator_name: '[erased]' }),
    )
  })

  it('erases an event of an unknown kind about the person, and only the mention if it is about someone else', () => {
    expect(erase({ event: 'raise_hand', user_id: 'U' })).toBe('erased')
    expect(erase({ event: 'raise_hand', uid: 'U' })).toBe('erased')
    expect(erase({ event: 'raise_hand', user_id: 'U', host_id: 'U' })).toBe('erased')
    expect(erase({ event: 'raise_hand', user_id: 'V', host_id: 'U' })).toMatchObject({
      params: { user_id: 'V', host_id: '[erased]' },
    })
  })

  it('leaves parameters with the same value alone that are not about users', () => {
    const event = eventOf({ event: 'start_record', event_type: 'success', exporter_id: 'U', start_time: 'U' })
    expect(eraseFromEvent(event, (userId) => userId === 'U')).toBe(event)
  })
})
