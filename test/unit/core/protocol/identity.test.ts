import { describe, expect, it } from 'vitest'
import { missingIdentity } from '../../../../core/protocol/identity.ts'

const needs: Record<string, readonly string[]> = {
  open: ['room_id'],
  close: ['room_id'],
  join: ['room_id', 'user_id'],
  leave: ['room_id', 'user_id'],
  update: ['room_id', 'user_id'],
  publish: ['room_id', 'user_id', 'stream_id'],
  unpublish: ['room_id', 'user_id', 'stream_id'],
  sub: ['room_id', 'user_id', 'stream_id'],
  unsub: ['room_id', 'user_id', 'stream_id'],
  start_record: ['room_id'],
  stop_record: ['room_id'],
  record_transcoding_completion: ['room_id'],
  warning_notify: ['box_code'],
}
const given = (event: string, names: readonly string[]): Record<string, string> => ({
  event,
  ...Object.fromEntries(names.map((name) => [name, '0'])),
})

describe('what an event must say to be placed', () => {
  it('is known for all thirteen events of the document', () => {
    expect(Object.keys(needs)).toHaveLength(13)
  })

  it.each(Object.entries(needs))('%s: %s', (event, names) => {
    expect(missingIdentity(given(event, names), false)).toBeUndefined()
    for (const name of names) {
      const others = names.filter((other) => other !== name)
      expect(missingIdentity(given(event, others), false)).toBe(name)
      expect(missingIdentity({ ...given(event, others), [name]: '' }, false)).toBe(name)
      expect(missingIdentity({ ...given(event, others), trace_id: 't' }, true)).toBe(name)
    }
  })

  it.each(Object.entries(needs))('%s needs its own trace_id besides, where it is signed', (event, names) => {
    expect(missingIdentity(given(event, names), true)).toBe('trace_id')
    expect(missingIdentity({ ...given(event, names), trace_id: '' }, true)).toBe('trace_id')
    expect(missingIdentity(given(event, [...names, 'trace_id']), true)).toBeUndefined()
  })

  it('is first of all what happened', () => {
    expect(missingIdentity({}, false)).toBe('event')
    expect(missingIdentity({ event: '' }, true)).toBe('event')
    expect(missingIdentity({ room_id: 'R', user_id: 'U', trace_id: 't' }, true)).toBe('event')
  })

  it.each(['hologram_on', 'constructor', '__proto__', 'toString', 'hasOwnProperty', 'JOIN', ' join', '王', '\u0000'])(
    'is no more than its name for an event of a later release: %j',
    (event) => {
      expect(missingIdentity({ event }, false)).toBeUndefined()
      expect(missingIdentity({ event }, true)).toBe('trace_id')
      expect(missingIdentity({ event, trace_id: 't' }, true)).toBeUndefined()
    },
  )
})
