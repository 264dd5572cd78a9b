import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { canonicalString, decodeCheckCode, verifyCheckCode } from '../../../../core/protocol/check-code.ts'
import type { Parameter } from '../../../../core/protocol/parameters.ts'
import { vectorKey, vectors } from '../../../support/vectors.ts'
import { fromBody, fromQuery, jsonType } from './requests.ts'

const asParameters = (params: Record<string, string>): Parameter[] =>
  Object.entries(params).map(([name, value]) => ({ name, value, sent: value }))
const hmac = (text: string, key: string) => createHmac('sha256', key).update(text).digest()
const verdict = (params: Record<string, string>, check_code: string, keys: readonly string[] = [vectorKey]) =>
  verifyCheckCode(asParameters({ ...params, check_code }), keys)

describe('the text that check_code signs', () => {
  const of = (params: Record<string, string>) => canonicalString(asParameters(params), 'decoded')

  it.each([
    'web|leave|normal|18972290508|77e19b23-529c-41f7-b2a6-349d4539c8ac|8f2c1c1e-58a1-4a51-9f0e-2f6a0e3f9a10|1|shan',
    'weixin|join|normal|18972290508|0d6f9e0a-3c5b-4c9c-8a4e-5f3f8a5b1c22|42|王小明 & 李雷',
    'box-01|warning_notify|check_port|[{"type":"tcp","port":8088}, {"type":"websocket","port":7630}]|5b0d6d3e-9a53-4a2e-8f6e-5d0f7f0f6f01',
  ])('is, for the vectors: %s', (canonical) => {
    expect(vectors.map(({ params }) => of(params))).toContain(canonical)
  })

  it('has the values in the order of the names, whatever order they came in', () => {
    expect(of({ b: '1', a: '2', a_b: '3', ab: '4', Z: '5', '1': '6' })).toBe('6|5|2|3|4|1')
  })

  it('leaves out parameters without a value, and check_code itself', () => {
    expect(of({ a: '', b: '1', c: '', check_code: 'f00', d: '2', e: '' })).toBe('1|2')
  })

  it('has no bar at either end, and none at all for a single value', () => {
    expect(of({ event: 'open' })).toBe('open')
    expect(of({})).toBe('')
  })

  it('keeps blanks, bars and line ends of a value', () => {
    expect(of({ a: ' x ', b: 'y|z', c: '\n' })).toBe(' x |y|z|\n')
  })
})

describe('a check_code holds', () => {
  it.each(vectors)('for the vector $params.event', ({ params, check_code }) => {
    expect(verdict(params, check_code)).toEqual({ outcome: 'valid', keyIndex: 0, reading: 'decoded' })
  })

  const encodings: Record<string, (code: Buffer) => string> = {
    'hex in lower case': (code) => code.toString('hex'),
    'hex in upper case': (code) => code.toString('hex').toUpperCase(),
    'hex in mixed case': (code) => code.toString('hex').replace(/[a-f]/, (letter) => letter.toUpperCase()),
    base64: (code) => code.toString('base64'),
    'base64 without padding': (code) => code.toString('base64').replace('=', ''),
    base64url: (code) => code.toString('base64url'),
    'base64url with padding': (code) => `${code.toString('base64url')}=`,
    'base64 whose plus arrived as a space': (code) => code.toString('base64').replaceAll('+', ' '),
    'base64 of the hex text': (code) => Buffer.from(code.toString('hex')).toString('base64'),
    'base64 of the hex text in upper case': (code) =>
      Buffer.from(code.toString('hex').toUpperCase()).toString('base64'),
    'base64url of the hex text, without padding': (code) => Buffer.from(code.toString('hex')).toString('base64url'),
  }

  it.each(Object.entries(encodings))('as %s', (_, encode) => {
    for (const { params, check_code } of vectors) {
      const code = encode(Buffer.from(check_code, 'hex'))
      expect(decodeCheckCode(code)?.toString('hex')).toBe(check_code)
      expect(verdict(params, code)).toMatchObject({ outcome: 'valid' })
    }
    // Bytes that need both of the characters in which the two alphabets differ.
    const odd = Buffer.alloc(32, Buffer.from([0xfb, 0xef, 0xbe, 0xff, 0xff, 0xff]))
    expect(decodeCheckCode(encode(odd))).toEqual(odd)
  })

  it('over the values as they were sent, where it does not hold over what they mean', async () => {
    const query = 'event=join&room_id=R%201&trace_id=t&user_name=%E7%8E%8B+x'
    const parameters = await fromQuery(query)
    const code = (text: string) => ({ name: 'check_code', value: hmac(text, 'k').toString('hex'), sent: '' })
    const decoded = [...parameters, code('join|R 1|t|王 x')]
    const sent = [...parameters, code('join|R%201|t|%E7%8E%8B+x')]
    const neither = [...parameters, code('join|R 1|t|%E7%8E%8B+x')]
    expect(verifyCheckCode(decoded, ['k'])).toEqual({ outcome: 'valid', keyIndex: 0, reading: 'decoded' })
    expect(verifyCheckCode(sent, ['k'])).toEqual({ outcome: 'valid', keyIndex: 0, reading: 'sent' })
    expect(verifyCheckCode(neither, ['k'])).toEqual({ outcome: 'wrong' })
  })

  it('over a nested JSON value as it was sent and as compact JSON, and over a number as its text', async () => {
    const sent = '[{"type":"tcp", "port":8088}]'
    const read = (check_code: string) =>
      fromBody(jsonType, `{"event":"e","n":1.0,"options": ${sent},"none":null,"check_code":"${check_code}"}`)
    for (const [reading, options] of [
      ['sent', sent],
      ['decoded', '[{"type":"tcp","port":8088}]'],
    ]) {
      const code = hmac(`e|1.0|${options}`, 'k').toString('base64')
      expect(verifyCheckCode(await read(code), ['k'])).toMatchObject({ outcome: 'valid', reading })
    }
  })

  it('under any of the keys, and tells which', () => {
    const params = { event: 'open', room_id: 'R', trace_id: 't' }
    const code = hmac('open|R|t', 'previous').toString('hex')
    expect(verdict(params, code, ['current', 'previous'])).toMatchObject({ outcome: 'valid', keyIndex: 1 })
    expect(verdict(params, code, ['previous', 'current'])).toMatchObject({ outcome: 'valid', keyIndex: 0 })
    expect(verdict(params, code, ['current'])).toEqual({ outcome: 'wrong' })
  })

  it('with a key that is not ASCII', () => {
    expect(verdict({ a: 'x' }, hmac('x', '密钥').toString('hex'), ['密钥'])).toMatchObject({ outcome: 'valid' })
  })
})

describe('a check_code that does not hold', () => {
  const [{ params, check_code } = { params: {}, check_code: '' }] = vectors

  it('is missing where there is none, or an empty one', () => {
    expect(verifyCheckCode(asParameters(params), [vectorKey])).toEqual({ outcome: 'missing' })
    expect(verdict(params, '')).toEqual({ outcome: 'missing' })
  })

  it('is wrong under another key, and under none', () => {
    expect(verdict(params, check_code, ['nb-demo-kez'])).toEqual({ outcome: 'wrong' })
    expect(verdict(params, check_code, [])).toEqual({ outcome: 'wrong' })
  })

  it.each([
    ['one digit other', `${check_code.slice(0, -1)}${check_code.endsWith('3') ? '4' : '3'}`],
    ['a digit short', check_code.slice(1)],
    ['a digit long', `${check_code}0`],
    ['twice as long', check_code + check_code],
    ['half of it', check_code.slice(0, 32)],
    ['base64 of 31 bytes', Buffer.from(check_code, 'hex').subarray(1).toString('base64')],
    ['base64 of 33 bytes', Buffer.from(`${check_code}00`, 'hex').toString('base64')],
    ['hex with a prefix', `0x${check_code}`],
    ['garbage', '🎥 no code at all'],
    ['nothing but padding', '=='],
    ['a very long one', 'A'.repeat(100_000)],
    ['the plain canonical text', canonicalString(asParameters(params), 'decoded')],
    ['the key', vectorKey],
  ])('is wrong: %s', (_, code) => {
    expect(verdict(params, code)).toEqual({ outcome: 'wrong' })
  })
})
