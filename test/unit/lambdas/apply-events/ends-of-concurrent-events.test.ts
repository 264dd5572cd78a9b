import { describe, expect, it } from 'vitest'
import { event } from '../../../support/events.ts'
import { bodiesOf, setUpPublishing } from '../../../support/topics.ts'

const joins = [6_000, 46_000].map((at) => event('join', { user_id: 'V', user_name: 'Ann' }, { at }))
const close = event('close', {}, { at: 58_000, trace: 'close' })
const leave = event('leave', { user_id: 'V', event_type: 'normal' }, { at: 10_000 })
const earlierClose = event('close', {}, { at: 22_000 })
const renames = [47_000, 48_000].map((at) => event('update', { user_id: 'V', user_name: 'Bo' }, { at }))

describe('publishApplied with late events of the same effect, all of them logged before one of them is applied', () => {
  it.each([
    { name: 'a leave and a close', late: [leave, earlierClose], last: ['Ann', 12] },
    { name: 'a close and a leave', late: [earlierClose, leave], last: ['Ann', 12] },
    { name: 'two updates of the name', late: renames, last: ['Bo', 52] },
  ])('publishes the session as it is after $name', async ({ late, last }) => {
    const { sent, dependencies, deliver } = setUpPublishing()
    await deliver(...joins, close)
    for (const one of late) await dependencies.log.append(one)
    for (const one of late) await deliver(one)
    const ends = bodiesOf(sent.roomEvents).filter((body) => body.event === 'session_ended' && body.trace_id === 'close')
    const sessions = ends.map(({ session }) => session && [session.user_name, session.seconds])
    expect([sessions.at(0), sessions.at(-1)]).toEqual([['Ann', 52], last])
  })
})
