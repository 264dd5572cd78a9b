import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import type { Parameter } from '../../../../core/protocol/callback-request.ts'
import { canonicalString, createCheckCodeVerifier, decodeCheckCode } from '../../../../core/protocol/check-code.ts'
import { readCallback } from '../../../../core/protocol/readings.ts'
import { vectorKey, vectors } from '../../../support/vectors.ts'

const toParameters = (params: Record<string, string>): Parameter[] =>
  Object.entries(params).map(([name, value]) => ({ name, value }))
const computeHmac = (text: string, key: string) => createHmac('sha256', key).update(text).digest()
const callbackOf = (params: Record<string, string>) => {
  const rawQueryString = String(new URLSearchParams(params))
  return readCallback({ method: 'GET', rawQueryString, contentType: undefined, body: new Uint8Array() })
}
const verify = (params: Record<string, string>, check_code: string, keys: readonly string[] = [vectorKey]) =>
  createCheckCodeVerifier(callbackOf({ ...params, check_code }))(keys)

describe('canonicalString', () => {
  const canonicalOf = (params: Record<string, string>) => canonicalString(toParameters(params))

  it.each([
    'web|leave|normal|18972290508|77e19b23-529c-41f7-b2a6-349d4539c8ac|8f2c1c1e-58a1-4a51-9f0e-2f6a0e3f9a10|1|shan',
    'weixin|join|normal|18972290508|0d6f9e0a-3c5b-4c9c-8a4e-5f3f8a5b1c22|42|王小明 & 李雷',
    'box-01|warning_notify|check_port|[{"type":"tcp","port":8088}, {"type":"websocket","port":7630}]|5b0d6d3e-9a53-4a2e-8f6e-5d0f7f0f6f01',
  ])('returns the text of a test vector: %s', (canonical) => {
    expect(vectors.map(({ params }) => canonicalOf(params))).toContain(canonical)
  })

  it('orders the values by parameter name', () => {
    expect(canonicalOf({ b: '1', a: '2', a_b: '3', ab: '4', Z: '5', '1': '6' })).toBe('6|5|2|3|4|1')
  })

  it('omits parameters without a value, and check_code itself', () => {
    expect(canonicalOf({ a: '', b: '1', c: '', check_code: 'f00', d: '2', e: '' })).toBe('1|2')
  })

  it('separates values with a bar, without one at either end', () => {
    expect(canonicalOf({ event: 'open' })).toBe('open')
    expect(canonicalOf({})).toBe('')
  })

  it('keeps white space, bars and line ends in values', () => {
    expect(canonicalOf({ a: ' x ', b: 'y|z', c: '\n' })).toBe(' x |y|z|\n')
  })
})

describe('createCheckCodeVerifier with a valid check_code', () => {
  it.each(vectors)('accepts the test vector $params.event', ({ params, check_code }) => {
    expect(verify(params, check_code)).toMatchObject({ outcome: 'valid', keyIndex: 0, reading: 'form_decoded' })
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
    'base64 in lines of 20 characters': (code) => code.toString('base64').replace(/.{1,20}/g, '$&\n'),
    'base64 of the hex text in lines of 64 characters': (code) =>
      Buffer.from(code.toString('hex'))
        .toString('base64')
        .replace(/.{1,64}/g, '$&\r\n'),
    'base64 of the hex text whose line breaks arrived as spaces': (code) =>
      Buffer.from(code.toString('hex'))
        .toString('base64')
        .replace(/.{1,64}/g, '$& '),
    'base64 of the hex text and its line break': (code) => Buffer.from(`${code.toString('hex')}\n`).toString('base64'),
    'hex in two lines': (code) => code.toString('hex').replace(/.{1,32}/g, '$&\r\n'),
  }

  it.each(Object.entries(encodings))('accepts %s', (_, encode) => {
    for (const { params, check_code } of vectors) {
      const code = encode(Buffer.from(check_code, 'hex'))
      expect(decodeCheckCode(code)?.toString('hex')).toBe(check_code)
      expect(verify(params, code)).toMatchObject({ outcome: 'valid' })
    }
    // Bytes whose encoding contains both characters in which base64 and base64url differ.
    const bytes = Buffer.alloc(32, Buffer.from([0xfb, 0xef, 0xbe, 0xff, 0xff, 0xff]))
    expect(decodeCheckCode(encode(bytes))).toEqual(bytes)
  })

  it('accepts any of the keys, and returns which one matched', () => {
    const params = { event: 'open', room_id: 'R', trace_id: 't' }
    const code = computeHmac('open|R|t', 'previous').toString('hex')
    expect(verify(params, code, ['current', 'previous'])).toMatchObject({ outcome: 'valid', keyIndex: 1 })
    expect(verify(params, code, ['previous', 'current'])).toMatchObject({ outcome: 'valid', keyIndex: 0 })
    expect(verify(params, code, ['current'])).toEqual({ outcome: 'wrong' })
  })

  it('accepts a key that is not ASCII', () => {
    expect(verify({ a: 'x' }, computeHmac('x', '密钥').toString('hex'), ['密钥'])).toMatchObject({ outcome: 'valid' })
  })
})

describe('createCheckCodeVerifier with an invalid check_code', () => {
  const [{ params, check_code } = { params: {}, check_code: '' }] = vectors

  it('returns missing if there is no check_code, or an empty one', () => {
    expect(createCheckCodeVerifier(callbackOf(params))([vectorKey])).toEqual({ outcome: 'missing' })
    expect(verify(params, '')).toEqual({ outcome: 'missing' })
  })

  it('returns wrong with another key, or without any', () => {
    expect(verify(params, check_code, ['nb-demo-kez'])).toEqual({ outcome: 'wrong' })
    expect(verify(params, check_code, [])).toEqual({ outcome: 'wrong' })
  })

  it.each([
    ['one digit changed', `${check_code.slice(0, -1)}${check_code.endsWith('3') ? '4' : '3'}`],
    ['a missing digit', check_code.slice(1)],
    ['an extra digit', `${check_code}0`],
    ['hex repeated twice', check_code + check_code],
    ['the first half', check_code.slice(0, 32)],
    ['base64 of 31 bytes', Buffer.from(check_code, 'hex').subarray(1).toString('base64')],
    ['base64 of 33 bytes', Buffer.from(`${check_code}00`, 'hex').toString('base64')],
    ['hex with a prefix', `0x${check_code}`],
    ['arbitrary text', '🎥 not a code'],
    ['padding only', '=='],
    ['a very long text', 'A'.repeat(100_000)],
    ['the canonical text itself', canonicalString(toParameters(params))],
    ['the key', vectorKey],
  ])('returns wrong for %s', (_, code) => {
    expect(verify(params, code)).toEqual({ outcome: 'wrong' })
  })
})
