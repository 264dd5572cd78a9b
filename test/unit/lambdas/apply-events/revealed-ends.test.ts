import { describe, expect, it } from 'vitest'
import { event } from '../../../support/events.ts'
import { bodiesOf, setUpPublishing } from '../../../support/topics.ts'

const second = 1000
const minute = 60 * second
const join = event('join', { user_id: 'a', user_name: 'Ann', endpoint_type: 'web' }, { at: 0 })
const inferred = event('leave', { user_id: 'a', event_type: 'reconciled' }, { at: minute, source: 'reconcile' })
const close = event('close', { event_type: 'user' }, { at: 2 * minute, trace: 'close' })
/** Too late to replace the inferred end. */
const leave = event('leave', { user_id: 'a', event_type: 'normal' }, { at: 12 * minute, trace: 'leave' })

function setUp() {
  const { sent, deliver } = setUpPublishing()
  /** The end of the session in each message about a leave or close of the platform. */
  const ends = () =>
    bodiesOf(sent.roomEvents)
      .filter(({ source, session }) => source === 'callback' && session !== undefined)
      .map(({ trace_id, session }) => [trace_id, session && `${session.seconds} s, ${session.leave_reason}`])
  return { deliver, ends, forget: () => (sent.roomEvents.length = 0) }
}

describe('an event that shows an inferred end to be wrong', () => {
  const publish = { user_id: 'a', stream_id: 'S', stream_type: 'audio' }

  it.each([
    ['update', { user_id: 'a', user_name: 'Bo' }],
    ['unpublish', publish],
    ['publish', publish],
    ['sub', publish],
  ])('publishes the close that ended the session instead: %s', async (name, params) => {
    const { deliver, ends } = setUp()
    await deliver(join, inferred)
    await deliver(close)
    expect(ends()).toEqual([])
    await deliver(event(name, params, { at: 3 * minute }))
    expect(ends()).toEqual([['close', '120 s, room_closed']])
  })

  it('publishes the leave that ended the session instead, with the name that the session had', async () => {
    const { deliver, ends } = setUp()
    await deliver(join, inferred)
    await deliver(leave)
    await deliver(event('update', { user_id: 'a', user_name: 'Bo' }, { at: 13 * minute }))
    expect(ends()).toEqual([
      ['leave', null],
      ['leave', '720 s, normal'],
    ])
  })

  it('does so once if all come together, and again if the leave is delivered again', async () => {
    const { deliver, ends, forget } = setUp()
    const update = event('update', { user_id: 'a', user_name: 'Bo' }, { at: 13 * minute })
    await deliver(join, inferred, leave, update)
    expect(ends()).toEqual([['leave', '720 s, normal']])
    forget()
    await deliver({ ...leave })
    expect(ends()).toEqual([['leave', '720 s, normal']])
    forget()
    await deliver({ ...update })
    expect(ends()).toEqual([['leave', '720 s, normal']])
  })

  it('publishes the close instead of the end of the session that a sweep had begun meanwhile', async () => {
    const { deliver, ends } = setUp()
    await deliver(join, inferred)
    await deliver(event('join', { user_id: 'a' }, { at: 12 * minute, source: 'reconcile' }))
    await deliver(event('close', { event_type: 'user' }, { at: 14 * minute, trace: 'close' }))
    await deliver(event('update', { user_id: 'a', user_name: 'Bo' }, { at: 15 * minute }))
    expect(ends()).toEqual([
      ['close', '120 s, room_closed'],
      ['close', '840 s, room_closed'],
    ])
  })

  it('publishes nothing again if it comes too late', async () => {
    const { deliver, ends } = setUp()
    await deliver(join, inferred)
    await deliver(close)
    await deliver(event('update', { user_id: 'a', user_name: 'Bo' }, { at: 31 * minute + 1 }))
    expect(ends()).toEqual([])
  })
})
