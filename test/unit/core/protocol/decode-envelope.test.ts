import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addRecentEvents, fingerprint, isRecent } from '../../../../core/projection/recent-events.ts'
import { decodeEnvelope } from '../../../../core/protocol/decode-envelope.ts'
import { encodeEnvelope } from '../../../../core/protocol/envelope.ts'
import { event } from '../../../support/events.ts'

const head = { trace_id: 't', received_at: 5, source: 'callback' } as const
const read = (params: Record<string, string>) => decodeEnvelope(encodeEnvelope({ ...head, params }))

describe('a message', () => {
  it('is the event that was sent, with all its parameters', () => {
    expect(read({ event: 'join', room_id: 'R', user_id: 'U', anything: '王' })).toMatchObject({
      ...head,
      event: 'join',
      params: { event: 'join', room_id: 'R', user_id: 'U', anything: '王' },
      data: { event: 'join', room_id: 'R', user_id: 'U' },
    })
  })

  it('keeps parameters of any name and value', () => {
    const text = fc.string({ unit: 'binary' })
    const name = text.filter((candidate) => candidate !== '__proto__')
    fc.assert(
      fc.property(fc.dictionary(name, text, { noNullPrototype: true }), (params) => {
        const sent = { ...params, event: 'hologram_on' }
        expect(read(sent)).toMatchObject({ params: sent })
      }),
    )
  })

  it('keeps a parameter with the name that every JavaScript object has', () => {
    const sent = JSON.parse('{"event":"hologram_on","constructor":"c","__proto__":"p"}')
    const message = read(sent)
    expect(typeof message === 'string' ? message : Object.entries(message.params)).toEqual(Object.entries(sent))
  })
})

describe('the memory of a projection', () => {
  const join = event('join', { user_id: 'a' }, { trace: 't1', at: 10 })

  it('knows an event that it has seen, at the same time or later', () => {
    const memory = addRecentEvents([], [join])
    expect(isRecent(memory, { ...join })).toBe(true)
    expect(isRecent(memory, { ...join, received_at: 20 })).toBe(true)
  })

  it('does not know one that was received earlier: its time counts', () => {
    expect(isRecent(addRecentEvents([], [join]), { ...join, received_at: 9 })).toBe(false)
  })

  it('does not know one with another trace_id, content or source', () => {
    const memory = addRecentEvents([], [join])
    expect(isRecent(memory, { ...join, trace_id: 't2' })).toBe(false)
    expect(isRecent(memory, { ...join, params: { ...join.params, extra: '' } })).toBe(false)
    expect(isRecent(memory, { ...join, source: 'reconcile' })).toBe(false)
    expect(isRecent([], join)).toBe(false)
  })

  it('does not care for the order of the parameters', () => {
    const params = Object.fromEntries(Object.entries(join.params).toReversed())
    expect(fingerprint({ ...join, params })).toBe(fingerprint(join))
  })

  it('keeps the last ones and does not grow for ever', () => {
    const many = Array.from({ length: 500 }, (_, index) => event('join', {}, { trace: `t${index}`, at: index }))
    const memory = many.reduce<string[]>((before, each) => addRecentEvents(before, [each]), [])
    expect(memory.length).toBeLessThan(100)
    const [oldest, newest] = [many[0], many.at(-1)]
    expect(oldest && isRecent(memory, oldest)).toBe(false)
    expect(newest && isRecent(memory, newest)).toBe(true)
  })
})
