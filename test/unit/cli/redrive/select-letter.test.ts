import { describe, expect, it } from 'vitest'
import { selectLetter } from '../../../../cli/redrive/select-letter.ts'
import { allTime } from '../../../../core/ports/period.ts'

const dayMs = 86_400_000
const now = 100 * dayMs
const facts = { event: 'join', room_id: 'R', received_at: now - dayMs, cause: 'failed' } as const
const all = { events: undefined, room_id: undefined, period: allTime }

describe('selectLetter', () => {
  it.each([
    ['everything without a filter', facts, all, 'selected'],
    ['one of several events', facts, { ...all, events: new Set(['leave', 'join']) }, 'selected'],
    ['no other event', facts, { ...all, events: new Set(['leave']) }, 'other'],
    ['no unknown event', { ...facts, event: null }, { ...all, events: new Set(['join']) }, 'other'],
    ['the room', facts, { ...all, room_id: 'R' }, 'selected'],
    ['no other room', facts, { ...all, room_id: 'S' }, 'other'],
    ['no event without a room', { ...facts, room_id: null }, { ...all, room_id: 'R' }, 'other'],
    ['the start of the interval', facts, { ...all, period: { from: now - dayMs, to: now } }, 'selected'],
    ['not the end of the interval', facts, { ...all, period: { from: 0, to: now - dayMs } }, 'other'],
    ['what is 25 days old', { ...facts, received_at: now - 25 * dayMs }, all, 'selected'],
    ['nothing older', { ...facts, received_at: now - 25 * dayMs - 1 }, all, 'too_old'],
    ['what is older and does not match as other', { ...facts, received_at: 0 }, { ...all, room_id: 'S' }, 'other'],
  ] as const)('selects %s', (_, letter, filter, selection) => {
    expect(selectLetter(letter, filter, now)).toBe(selection)
  })
})
