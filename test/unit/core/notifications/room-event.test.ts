import { describe, expect, it } from 'vitest'
import { toRoomEvent } from '../../../../core/notifications/room-event.ts'
import { eventId } from '../../../../core/protocol/event-id.ts'
import type { NorthboundEvent } from '../../../../core/protocol/events.ts'
import { type CloseMark, closesOf } from '../../../../core/state/closes.ts'
import { foldSteps } from '../../../../core/state/fold.ts'
import { correctionAt, eventAt } from '../state/states.ts'

/** The message about the last of these events, without other events after it. */
function messageAfter(events: readonly NorthboundEvent[], closes: readonly CloseMark[] = []) {
  const step = foldSteps(undefined, events, closes, { alertWindowMs: 0, timeZone: 'UTC' }).findLast(
    ({ event }) => event === events.at(-1),
  )
  if (step?.event === undefined) throw new Error('the last event has no step')
  return toRoomEvent(step.event, step)
}

describe('toRoomEvent', () => {
  it('returns the event as logged, with its id', () => {
    const join = eventAt(1_732_444_111_123, 'join', { endpoint_type: 'web', user_name: '王小明' })
    expect(messageAfter([join])).toEqual({
      id: eventId(join),
      trace_id: join.trace_id,
      event: 'join',
      received_at: '2024-11-24T10:28:31.123Z',
      source: 'callback',
      params: join.params,
    })
  })

  it('adds the ended session to a leave', () => {
    const join = eventAt(1000, 'join', { endpoint_type: 'web', user_name: '王小明' })
    const reconnect = eventAt(3000, 'join', { endpoint_type: 'web' })
    const leave = eventAt(61_400, 'leave', { event_type: 'clientKick' })
    expect(messageAfter([join, reconnect, leave]).session).toEqual({
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

  it('sets the session to null if the leave ended no session', () => {
    expect(messageAfter([eventAt(1, 'leave', { event_type: 'normal' })]).session).toBeNull()
    const left = [eventAt(1, 'join'), eventAt(2, 'leave', { event_type: 'normal' })]
    expect(messageAfter([...left, eventAt(3, 'leave', { event_type: 'normal' })]).session).toBeNull()
    const closes = closesOf([eventAt(2, 'close', { event_type: 'user' })])
    expect(messageAfter([eventAt(1, 'join'), eventAt(3, 'leave', { event_type: 'normal' })], closes).session).toBeNull()
  })

  it('adds the corrected session to a leave that replaces an estimated end', () => {
    const events = [
      eventAt(1000, 'join'),
      correctionAt(5000, 'leave'),
      eventAt(9000, 'leave', { event_type: 'offline' }),
    ]
    expect(messageAfter(events.slice(0, 2)).session).toMatchObject({
      seconds: 4,
      leave_reason: 'reconciled',
      estimated: true,
    })
    expect(messageAfter(events).session).toMatchObject({ seconds: 8, leave_reason: 'offline', estimated: false })
  })

  it('adds no session to other events', () => {
    for (const name of ['open', 'close', 'join', 'publish', 'start_record', 'warning_notify', 'hologram_on'])
      expect(messageAfter([eventAt(1, name, { stream_id: 'S', box_code: 'B' })])).not.toHaveProperty('session')
  })
})
