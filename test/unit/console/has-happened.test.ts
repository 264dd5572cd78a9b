import { describe, expect, it } from 'vitest'
import { hasHappened } from '../../../console/state/has-happened.ts'

const meeting = { opened_at: 'a', closed_at: null, seconds: 5, people: 2 }

describe('hasHappened', () => {
  it('is false for equal data, and for what only goes on', () => {
    expect(hasHappened({ items: [meeting] }, { items: [{ ...meeting }] })).toBe(false)
    expect(hasHappened({ items: [meeting] }, { items: [{ ...meeting, seconds: 65 }] })).toBe(false)
    expect(hasHappened({ last_sweep_at: 't1', queue_depth: 0 }, { last_sweep_at: 't2', queue_depth: 0 })).toBe(false)
  })

  it('is true if a value changes, or items come and go', () => {
    expect(hasHappened({ items: [meeting] }, { items: [{ ...meeting, people: 3 }] })).toBe(true)
    expect(hasHappened({ items: [meeting] }, { items: [meeting, meeting] })).toBe(true)
    expect(hasHappened({ items: [meeting] }, { items: [] })).toBe(true)
    expect(hasHappened(undefined, { items: [] })).toBe(true)
  })

  it('is true if something that went on has ended', () => {
    expect(hasHappened({ stream: { to: null } }, { stream: { to: 't' } })).toBe(true)
    expect(hasHappened({ seconds: null }, { seconds: 5 })).toBe(true)
  })
})
