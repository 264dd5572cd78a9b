import { describe, expect, it } from 'vitest'
import { addRecentEvents, fingerprint, isRecent } from '../../../../core/projection/recent-events.ts'
import { event } from '../../../support/events.ts'

const join = event('join', { user_id: 'a' }, { trace: 't1', at: 10 })

describe('isRecent', () => {
  it('recognises an added event with the same time of receipt or a later one', () => {
    const recentEvents = addRecentEvents([], [join])
    expect(isRecent(recentEvents, { ...join })).toBe(true)
    expect(isRecent(recentEvents, { ...join, received_at: 20 })).toBe(true)
  })

  it('does not recognise a copy that was received earlier, because its time counts', () => {
    expect(isRecent(addRecentEvents([], [join]), { ...join, received_at: 9 })).toBe(false)
  })

  it('does not recognise an event with another trace_id, content or source', () => {
    const recentEvents = addRecentEvents([], [join])
    expect(isRecent(recentEvents, { ...join, trace_id: 't2' })).toBe(false)
    expect(isRecent(recentEvents, { ...join, params: { ...join.params, extra: '' } })).toBe(false)
    expect(isRecent(recentEvents, { ...join, source: 'reconcile' })).toBe(false)
    expect(isRecent([], join)).toBe(false)
  })
})

describe('fingerprint', () => {
  it('does not depend on the order of the parameters', () => {
    const params = Object.fromEntries(Object.entries(join.params).toReversed())
    expect(fingerprint({ ...join, params })).toBe(fingerprint(join))
  })
})

describe('addRecentEvents', () => {
  it('keeps a limited number of events and drops the oldest', () => {
    const events = Array.from({ length: 500 }, (_, index) => event('join', {}, { trace: `t${index}`, at: index }))
    const recentEvents = events.reduce<string[]>((before, each) => addRecentEvents(before, [each]), [])
    expect(recentEvents.length).toBeLessThan(100)
    const [oldest, newest] = [events[0], events.at(-1)]
    expect(oldest && isRecent(recentEvents, oldest)).toBe(false)
    expect(newest && isRecent(recentEvents, newest)).toBe(true)
  })
})
