import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Envelope, encodeEnvelope, selectStoredParameters } from '../../../../core/protocol/envelope.ts'

/** The characters of a message that SQS refuses, by the list in the reference of SendMessage. */
function refusedBySqs(message: string): string[] {
  return Array.from(message).filter((character) => {
    const point = character.codePointAt(0) ?? 0
    const controls = [0x9, 0xa, 0xd].includes(point)
    return !(
      controls ||
      within(point, 0x20, 0xd7ff) ||
      within(point, 0xe000, 0xfffd) ||
      within(point, 0x10000, 0x10ffff)
    )
  })
}

const within = (point: number, first: number, last: number) => first <= point && point <= last

const envelope = (params: Record<string, string>, trace_id = 't'): Envelope => ({
  trace_id,
  received_at: 1_732_444_111_123,
  source: 'callback',
  params,
})

describe('an envelope as a queue message', () => {
  it.each([
    ['a control character', '\u0000\u0001\u0008\u000b\u000c\u001f\u007f'],
    ['the two that are no characters', '\ufffe\uffff'],
    ['half of a surrogate pair', 'a\ud83cb\udfa5'],
    ['a character beyond the first plane', '🎥\u{10ffff}\u{1fffe}'],
    ['quotes, backslashes and line ends', '"\\\r\n\t\u2028'],
    ['text that looks like an escape', '\\u0000 \\ud83c'],
  ])('holds %s, with nothing in it that SQS refuses', (_, text) => {
    const message = encodeEnvelope(envelope({ [text]: text }, text))
    expect(refusedBySqs(message)).toEqual([])
    expect(JSON.parse(message)).toEqual(envelope({ [text]: text }, text))
  })

  it('survives with any names and values', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('\ud83c', '\udfa5', '\ufffe', '\uffff', '\u0000', '\\', '"', 'u', 'x') }),
    )
    fc.assert(
      fc.property(fc.dictionary(text, text, { noNullPrototype: true }), text, (params, trace_id) => {
        const message = encodeEnvelope(envelope(params, trace_id))
        expect(refusedBySqs(message)).toEqual([])
        expect(JSON.parse(message)).toEqual(envelope(params, trace_id))
      }),
    )
  })
})

describe('what is kept of the parameters', () => {
  const keptOf = (params: Readonly<Record<string, string>>) =>
    selectStoredParameters(Object.entries(params).map(([name, value]) => ({ name, value })))

  it('has no check_code, and of a token only that there was one', () => {
    expect(keptOf({ event: 'join', check_code: 'c0de', token: 's3cret', user_name: '王' })).toEqual({
      event: 'join',
      token: '[redacted]',
      user_name: '王',
    })
  })

  it('has neither, however their names are written', () => {
    expect(keptOf({ Check_Code: 'S3CRET', TOKEN: 'S3CRET', room_id: 'R' })).toEqual({
      TOKEN: '[redacted]',
      room_id: 'R',
    })
  })

  it('is everything else, unchanged, and no token where there was none', () => {
    const params = { event: 'join', empty: '', constructor: 'c', check_codes: '1', token_type: 'x' }
    expect(keptOf(params)).toEqual(params)
  })

  it('is text that every store takes, with names, one like that of the prototype too', () => {
    const kept = selectStoredParameters([
      { name: '', value: 'nameless' },
      { name: '__proto__', value: 'p' },
      { name: 'half\uD83D', value: '\uDE00half' },
    ])
    expect(Object.entries(kept)).toEqual([
      ['__proto__', 'p'],
      ['half\uFFFD', '\uFFFDhalf'],
    ])
  })
})
