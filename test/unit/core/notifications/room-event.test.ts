import { describe, expect, it } from 'vitest'
import { toRoomEvent } from '../../../../core/notifications/room-event.ts'
import type { NorthboundEvent } from '../../../../core/protocol/events.ts'
import { type CloseMark, closesOf } from '../../../../core/state/closes.ts'
import { foldSteps } from '../../../../core/state/fold.ts'
import { at, estimated } from '../state/states.ts'

/** The message about the last of these events. */
function told(events: readonly NorthboundEvent[], closes: readonly CloseMark[] = []) {
  const step = foldSteps(undefined, events, closes, { alertWindowMs: 0 }).findLast(
    ({ event }) => event === events.at(-1),
  )
  if (step?.event === undefined) throw new Error('no event')
  return toRoomEvent(step.event, step)
}

describe('a room event', () => {
  it('is the event as the log has it', () => {
    const join = at(1_732_444_111_123, 'join', { endpoint_type: 'web', user_name: '王小明' })
    expect(told([join])).toEqual({
      trace_id: join.trace_id,
      event: 'join',
      received_at: '2024-11-24T10:28:31.123Z',
      source: 'callback',
      params: join.params,
    })
  })

  it('of a leave has the data of the session that it ended', () => {
    const join = at(1000, 'join', { endpoint_type: 'web', user_name: '王小明' })
    const again = at(3000, 'join', { endpoint_type: 'web' })
    const leave = at(61_400, 'leave', { event_type: 'clientKick' })
    expect(told([join, again, leave]).session).toEqual({
      user_id: 'U',
      user_name: '王小明',
      joined_at: '1970-01-01T00:00:01.000Z',
      left_at: '1970-01-01T00:01:01.400Z',
      seconds: 60,
      leave_reason: 'client_kick',
      endpoint_type: 'web',
      reconnects: 1,
      estimated: false,
    })
  })

  it('of a leave that ended no session says so', () => {
    expect(told([at(1, 'leave', { event_type: 'normal' })]).session).toBeNull()
    const left = [at(1, 'join'), at(2, 'leave', { event_type: 'normal' })]
    expect(told([...left, at(3, 'leave', { event_type: 'normal' })]).session).toBeNull()
    const closes = closesOf([at(2, 'close', { event_type: 'user' })])
    expect(told([at(1, 'join'), at(3, 'leave', { event_type: 'normal' })], closes).session).toBeNull()
  })

  it('of a leave that corrects an estimated end has the session as it is now', () => {
    const events = [at(1000, 'join'), estimated(5000, 'leave'), at(9000, 'leave', { event_type: 'offline' })]
    expect(told(events.slice(0, 2)).session).toMatchObject({ seconds: 4, leave_reason: 'reconciled', estimated: true })
    expect(told(events).session).toMatchObject({ seconds: 8, leave_reason: 'offline', estimated: false })
  })

  it('of anything else has no session', () => {
    for (const name of ['open', 'close', 'join', 'publish', 'start_record', 'warning_notify', 'hologram_on'])
      expect(told([at(1, name, { stream_id: 'S', box_code: 'B' })])).not.toHaveProperty('session')
  })
})
