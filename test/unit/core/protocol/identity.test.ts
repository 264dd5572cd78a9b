import { describe, expect, it } from 'vitest'
import type { DocumentedEventName } from '../../../../core/protocol/events.ts'
import { missingIdentity } from '../../../../core/protocol/identity.ts'

const requiredByEvent: Record<DocumentedEventName, readonly string[]> = {
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
const paramsWith = (event: string, names: readonly string[]): Record<string, string> => ({
  event,
  ...Object.fromEntries(names.map((name) => [name, '0'])),
})

describe('missingIdentity', () => {
  it.each(Object.entries(requiredByEvent))('requires the identifying parameters of %s: %s', (event, names) => {
    expect(missingIdentity(paramsWith(event, names), false)).toBeUndefined()
    for (const name of names) {
      const others = names.filter((other) => other !== name)
      expect(missingIdentity(paramsWith(event, others), false)).toBe(name)
      expect(missingIdentity({ ...paramsWith(event, others), [name]: '' }, false)).toBe(name)
      expect(missingIdentity({ ...paramsWith(event, others), trace_id: 't' }, true)).toBe(name)
    }
  })

  it.each(Object.entries(requiredByEvent))('also requires a trace_id of %s if it is signed', (event, names) => {
    expect(missingIdentity(paramsWith(event, names), true)).toBe('trace_id')
    expect(missingIdentity({ ...paramsWith(event, names), trace_id: '' }, true)).toBe('trace_id')
    expect(missingIdentity(paramsWith(event, [...names, 'trace_id']), true)).toBeUndefined()
  })

  it('returns event first if several parameters are missing', () => {
    expect(missingIdentity({}, false)).toBe('event')
    expect(missingIdentity({ event: '' }, true)).toBe('event')
    expect(missingIdentity({ room_id: 'R', user_id: 'U', trace_id: 't' }, true)).toBe('event')
  })

  it.each(['hologram_on', 'constructor', '__proto__', 'toString', 'hasOwnProperty', 'JOIN', ' join', '王', '\u0000'])(
    'requires only the name of the unknown event %j',
    (event) => {
      expect(missingIdentity({ event }, false)).toBeUndefined()
      expect(missingIdentity({ event }, true)).toBe('trace_id')
      expect(missingIdentity({ event, trace_id: 't' }, true)).toBeUndefined()
    },
  )
})
