import { describe, expect, it } from 'vitest'
import type { NorthboundEvent } from '../../../../core/protocol/events.ts'
import { absentCorrection, nameCorrection, presentCorrection } from '../../../../core/reconciliation/correction.ts'
import { presenceKey, toStoredPresence } from '../../../../core/reconciliation/presence.ts'
import { fold } from '../../../../core/state/fold.ts'
import { rules } from '../../../support/apply.ts'
import { event } from '../../../support/events.ts'
import { store } from './sweep-series.ts'

const hash = (text: string) => text
const room = { room_id: 'R' }
const person = { room_id: 'R', user_id: 'U' }

describe('a correction', () => {
  it('of someone unknown is a join with what the list says, and an identity without a session', () => {
    const user = { user_id: 'U', user_name: 'Ann', endpoint_type: 'web' }
    const trace_id = 'reconcile-["join","R","U",""]'
    const params = { event: 'join', ...person, event_type: 'normal', user_name: 'Ann', endpoint_type: 'web', trace_id }
    expect(presentCorrection(person, { user, stored: undefined }, 5, hash)).toEqual({
      key: '["R","U"]',
      envelope: { trace_id, received_at: 5, source: 'reconcile', params },
    })
  })

  it('leaves out what the list does not say', () => {
    const { envelope } = presentCorrection(person, { user: { user_id: 'U' }, stored: store(person) }, 5, hash)
    const trace_id = 'reconcile-["join","R","U","e"]'
    expect(envelope.params).toStrictEqual({ event: 'join', ...person, event_type: 'normal', trace_id })
  })

  it('of a room has an identity without a user', () => {
    const traceIds = [
      absentCorrection(store(room), 5, hash),
      presentCorrection(room, { user: undefined, stored: undefined }, 5, hash),
      nameCorrection(store(room), 'A', 5, hash),
    ].map(({ envelope }) => envelope.trace_id)
    expect(traceIds).toEqual([
      'reconcile-["close","R","","e"]',
      'reconcile-["open","R","",""]',
      'reconcile-["name_room","R","","e A"]',
    ])
  })
})

describe('toStoredPresence', () => {
  const stateAfter = (stream: 'room' | 'participant', ...events: NorthboundEvent[]) =>
    [...fold(events, rules).values()].find(({ kind }) => kind === stream)
  const open = event('open', {}, { at: 1 })
  const close = event('close', { event_type: 'user' }, { at: 9 })
  const join = event('join', {}, { at: 1 })
  const leave = event('leave', { event_type: 'normal' }, { at: 9 })

  it.each([
    ['an open room', room, stateAfter('room', open), true, '1 null w'],
    ['a closed room', room, stateAfter('room', open, close), false, '1 9 w'],
    ['someone present', person, stateAfter('participant', join), true, '1 undefined w'],
    ['someone who has left', person, stateAfter('participant', join, leave), false, '1 9 w'],
    ['someone without a session', person, stateAfter('participant', leave), false, 'undefined undefined w'],
  ])('identifies the opening or session of %s', (_, presence, state, present, session_ref) => {
    const stored = toStoredPresence(presence, { state, watermark: 'w' })
    expect(stored).toMatchObject({ present, session_ref })
    expect(stored?.presence).toStrictEqual(presence)
  })

  it('is undefined without a state', () => {
    expect(toStoredPresence(room, { state: undefined, watermark: 'w' })).toBeUndefined()
  })
})

describe('presenceKey', () => {
  it('distinguishes a room from a user in it', () => {
    expect([presenceKey(room), presenceKey(person)]).toEqual(['["R"]', '["R","U"]'])
  })
})
