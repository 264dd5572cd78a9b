import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Envelope, encodeEnvelope, selectStoredParameters } from '../../../../core/protocol/envelope.ts'
import { anyText } from '../../../support/any-text.ts'

/** The characters of a message that SQS rejects, according to the API reference of SendMessage. */
function listRejectedCharacters(message: string): string[] {
  return Array.from(message).filter((character) => {
    const point = character.codePointAt(0) ?? 0
    const isAllowedControl = [0x9, 0xa, 0xd].includes(point)
    return !(
      isAllowedControl ||
      isWithin(point, 0x20, 0xd7ff) ||
      isWithin(point, 0xe000, 0xfffd) ||
      isWithin(point, 0x10000, 0x10ffff)
    )
  })
}

const isWithin = (point: number, first: number, last: number) => first <= point && point <= last

const createEnvelope = (params: Record<string, string>, trace_id = 't'): Envelope => ({
  trace_id,
  received_at: 1_732_444_111_123,
  source: 'callback',
  params,
})

describe('encodeEnvelope', () => {
  it.each([
    ['a control character', '\u0000\u0001\u0008\u000b\u000c\u001f\u007f'],
    ['the two noncharacters of the first plane', '\ufffe\uffff'],
    ['a lone surrogate', 'a\ud83cb\udfa5'],
    ['a character beyond the first plane', '🎥\u{10ffff}\u{1fffe}'],
    ['quotes, backslashes and line ends', '"\\\r\n\t\u2028'],
    ['text that looks like an escape', '\\u0000 \\ud83c'],
  ])('encodes %s as characters that SQS accepts', (_, text) => {
    const message = encodeEnvelope(createEnvelope({ [text]: text }, text))
    expect(listRejectedCharacters(message)).toEqual([])
    expect(JSON.parse(message)).toEqual(createEnvelope({ [text]: text }, text))
  })

  it('encodes any names and values as characters that SQS accepts', () => {
    const text = fc.oneof(
      anyText(),
      fc.string({ unit: fc.constantFrom('\ud83c', '\udfa5', '\ufffe', '\uffff', '\u0000', '\\', '"', 'u', 'x') }),
    )
    fc.assert(
      fc.property(fc.dictionary(text, text, { noNullPrototype: true }), text, (params, trace_id) => {
        const message = encodeEnvelope(createEnvelope(params, trace_id))
        expect(listRejectedCharacters(message)).toEqual([])
        expect(JSON.parse(message)).toEqual(createEnvelope(params, trace_id))
      }),
    )
  })
})

describe('selectStoredParameters', () => {
  const select = (params: Readonly<Record<string, string>>) =>
    selectStoredParameters(Object.entries(params).map(([name, value]) => ({ name, value })))

  it('drops check_code and redacts token', () => {
    expect(select({ event: 'join', check_code: 'c0de', token: 's3cret', user_name: '王' })).toEqual({
      event: 'join',
      token: '[redacted]',
      user_name: '王',
    })
  })

  it('drops a parameter whose name contains the check_code', () => {
    const check_code = '0a'.repeat(32)
    expect(select({ event: 'join', check_code, [`check_code'${check_code}`]: '', [check_code]: '7' })).toEqual({
      event: 'join',
    })
    expect(select({ event: 'join', check_code: 'a', name: '7' })).toEqual({ event: 'join', name: '7' })
  })

  it('drops check_code and redacts token in any case of their names', () => {
    expect(select({ Check_Code: 'S3CRET', TOKEN: 'S3CRET', room_id: 'R' })).toEqual({
      TOKEN: '[redacted]',
      room_id: 'R',
    })
  })

  it('returns all other parameters unchanged, and adds no token', () => {
    const params = { event: 'join', empty: '', constructor: 'c', check_codes: '1', token_type: 'x' }
    expect(select(params)).toEqual(params)
  })

  it('drops nameless parameters, keeps one named __proto__, and replaces lone surrogates', () => {
    const stored = selectStoredParameters([
      { name: '', value: 'nameless' },
      { name: '__proto__', value: 'p' },
      { name: 'half\uD83D', value: '\uDE00half' },
    ])
    expect(Object.entries(stored)).toEqual([
      ['__proto__', 'p'],
      ['half\uFFFD', '\uFFFDhalf'],
    ])
  })
})
