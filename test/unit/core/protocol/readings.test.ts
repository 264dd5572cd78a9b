import crypto, { createHmac } from 'node:crypto'
import { syncBuiltinESMExports } from 'node:module'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { CallbackRequest } from '../../../../core/protocol/callback-request.ts'
import { createCheckCodeVerifier, maxHmacs } from '../../../../core/protocol/check-code.ts'
import { readCallback } from '../../../../core/protocol/readings.ts'
import { boundary, formType, jsonType, multipartType } from './requests.ts'

/** Counts calls of `createHmac` until the test ends. A mock of the module would not reach modules that were loaded before. */
function countHmacs() {
  const hmacs = vi.spyOn(crypto, 'createHmac')
  syncBuiltinESMExports()
  onTestFinished(() => {
    hmacs.mockRestore()
    syncBuiltinESMExports()
  })
  return hmacs
}

const key = 'nb-demo-key'
const emptyBody = new Uint8Array()
const ofQuery = (rawQueryString: string): CallbackRequest => ({
  method: 'GET',
  rawQueryString,
  contentType: undefined,
  body: emptyBody,
})
const ofBody = (contentType: string, body: string | Uint8Array, rawQueryString = ''): CallbackRequest => ({
  method: 'POST',
  rawQueryString,
  contentType,
  body: Buffer.from(body),
})
const sign = (text: string | Uint8Array) => createHmac('sha256', key).update(text).digest('hex')
const bytes = (...parts: (string | number)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from([part]))))

/** Verifies the request with the signature in its query string, and shows what is stored. */
function verify(request: CallbackRequest, signedText: string | Uint8Array, keys: readonly string[] = [key]) {
  const rawQueryString = `${request.rawQueryString}&check_code=${sign(signedText)}`
  const verdict = createCheckCodeVerifier(readCallback({ ...request, rawQueryString }))(keys)
  if (verdict.outcome !== 'valid') return verdict.outcome
  const stored = Object.fromEntries(verdict.parameters.map(({ name, value }) => [name, value]))
  const { check_code: _, ...params } = stored
  return { reading: verdict.reading + (verdict.isDocumentedOnly ? ' documented' : ''), params }
}

describe('a signed query', () => {
  it.each([
    ['form_decoded', 'user_name=Ada+Lovelace', 'Ada Lovelace', 'Ada Lovelace'],
    ['percent_decoded', 'user_id=+8613800138000', '+8613800138000', '+8613800138000'],
    ['percent_decoded', 'user_name=C++%20%E8%AF%BE', 'C++ 课', 'C++ 课'],
    ['as_sent', 'user_name=%E7%8E%8B%20x', '%E7%8E%8B%20x', '王 x'],
    ['as_sent', 'user_name=%E7%8E%8B+x', '%E7%8E%8B+x', '王 x'],
    ['gb18030', 'user_name=%CD%F5+x', '王 x', '王 x'],
    ['gb18030', 'user_name=%CD%F5+x', '王+x', '王+x'],
    ['bytes', 'user_name=%CD%F5+x', bytes(0xcd, 0xf5, ' x'), '王 x'],
    ['bytes', 'user_name=%CD%F5+x', bytes(0xcd, 0xf5, '+x'), '王+x'],
    ['bytes', 'user_name=%ff', bytes(0xff), '%ff'],
    ['as_sent', 'user_name=%CD%F5+x', '%CD%F5+x', '王 x'],
    ['form_decoded', 'user_name=50%', '50%', '50%'],
    // Text in GBK that is UTF-8 by chance.
    ['gb18030', 'user_name=%C4%A3', '模', '模'],
  ])('is read as %s: %s', (reading, query, signedText, stored) => {
    expect(verify(ofQuery(query), signedText)).toMatchObject({
      reading,
      params: { [query.split('=')[0] ?? '']: stored },
    })
  })

  it('is refused if the signature covers a mixture of readings', () => {
    const query = 'room_id=R%201&user_name=%E7%8E%8B+x'
    for (const mixture of ['R 1|%E7%8E%8B+x', 'R%201|王 x']) expect(verify(ofQuery(query), mixture)).toBe('wrong')
  })

  it('is stored without the parameters that the signature does not cover', () => {
    const query = 'site=3&event=open&room_id=+8'
    const event = { event: 'open' }
    expect(verify(ofQuery(query), 'open| 8|3')).toEqual({
      reading: 'form_decoded',
      params: { ...event, site: '3', room_id: ' 8' },
    })
    const reading = 'form_decoded documented'
    expect(verify(ofQuery(query), 'open| 8')).toEqual({ reading, params: { ...event, room_id: ' 8' } })
    expect(verify(ofQuery(query), 'open|+8')).toMatchObject({ params: { ...event, room_id: '+8' } })
    expect(verify(ofQuery(query), 'open|+8|3')).toMatchObject({ params: { ...event, site: '3', room_id: '+8' } })
    expect(verify(ofQuery(query), 'open')).toBe('wrong')
  })

  it('is stored without a token that the signature does not cover', () => {
    const query = 'site=3&token=t&event=open'
    expect(verify(ofQuery(query), 'open|t')).toMatchObject({ params: { event: 'open', token: 't' } })
    const unsignedToken = verify(ofQuery(query), 'open')
    expect(unsignedToken).toEqual({ reading: 'form_decoded documented', params: { event: 'open' } })
    expect(verify(ofQuery('token=t&event=open&room_id=R'), 'open')).toBe('wrong')
  })
})

describe('a signed callback with another character set in the query of its URL', () => {
  const site = 'site=%E7%8E%8B'

  it.each([
    ['a query', ofQuery(`${site}&user_name=%CD%F5+x`)],
    ['a form', ofBody(formType, 'user_name=%CD%F5+x', site)],
    ['a form that declares GBK', ofBody(`${formType}; charset=gbk`, 'user_name=%CD%F5+x', site)],
  ])('is read without that query: %s', (_, request) => {
    for (const name of ['王 x', '王+x']) expect(verify(request, name)).toMatchObject({ params: { user_name: name } })
    expect(verify(request, bytes(0xcd, 0xf5, ' x'))).toMatchObject({ params: { user_name: '王 x' } })
    expect(verify(request, '李 x')).toBe('wrong')
  })

  it('is read in UTF-8 if only that query is not', () => {
    expect(verify(ofQuery('site=%CD%F5&user_name=%E7%8E%8B'), '王')).toMatchObject({ params: { user_name: '王' } })
  })
})

describe('a signed body', () => {
  const gbkForm = bytes('user_name=', 0xcd, 0xf5)

  it('is read in the declared charset', () => {
    const latin1 = ofBody(`${formType}; charset=iso-8859-1`, bytes('user_name=', 0xe9, '+x'))
    expect(verify(latin1, 'é x')).toMatchObject({ reading: 'declared_charset', params: { user_name: 'é x' } })
    expect(verify(latin1, 'é+x')).toMatchObject({ reading: 'declared_charset', params: { user_name: 'é+x' } })
    expect(verify(latin1, bytes(0xe9, ' x'))).toMatchObject({ reading: 'bytes', params: { user_name: 'é x' } })
    const json = ofBody(`${jsonType}; charset=big5`, bytes('{"user_name":"', 0xa4, 0xfd, '"}'))
    expect(verify(json, '王')).toMatchObject({ reading: 'declared_charset', params: { user_name: '王' } })
    const utf16 = ofBody(`${jsonType}; charset=utf-16le`, Buffer.from('{"user_name":"王"}', 'utf16le'))
    expect(verify(utf16, '王')).toMatchObject({ params: { user_name: '王' } })
  })

  it('is read in the charset that the parameter _charset_ names', () => {
    const form = ofBody(formType, '_charset_=Big5&user_name=%A4%FD')
    expect(verify(form, '王')).toMatchObject({ reading: 'declared_charset documented', params: { user_name: '王' } })
    expect(verify(form, 'Big5|王')).toMatchObject({ reading: 'declared_charset', params: { user_name: '王' } })
  })

  it('is read as UTF-8 or GB18030 if it is not in the declared charset', () => {
    for (const charset of ['utf-8', 'klingon', 'iso-2022-jp', 'cp936'])
      expect(verify(ofBody(`${formType}; charset=${charset}`, gbkForm), '王')).toMatchObject({
        params: { user_name: '王' },
      })
    const mislabelled = ofBody(`${formType}; charset=iso-8859-1`, 'user_name=王')
    expect(verify(mislabelled, '王')).toMatchObject({ reading: 'form_decoded', params: { user_name: '王' } })
  })

  it('is read as GB18030, with a signature of the text or of the bytes', () => {
    const name = bytes(0xcd, 0xf5)
    const part = 'content-disposition: form-data; name="user_name"'
    const multipart = bytes(`--${boundary}\r\n${part}\r\n\r\n`, 0xcd, 0xf5, `\r\n--${boundary}--\r\n`)
    const bodies = [
      ofBody(formType, gbkForm),
      ofBody(formType, 'user_name=%CD%F5'),
      ofBody(multipartType, multipart),
      ofBody(jsonType, bytes('{"user_name":"', 0xcd, 0xf5, '"}')),
    ]
    for (const body of bodies) {
      expect(verify(body, '王')).toMatchObject({ reading: 'gb18030', params: { user_name: '王' } })
      expect(verify(body, name)).toMatchObject({ reading: 'bytes', params: { user_name: '王' } })
    }
  })

  it('is read with nested JSON compact or as sent', () => {
    const request = ofBody(jsonType, '{"event":"e","n":1.0,"options": [1, 12345678901234567890],"none":null}')
    expect(verify(request, 'e|1.0|[1,12345678901234567890]')).toMatchObject({
      reading: 'form_decoded',
      params: { n: '1.0', options: '[1,12345678901234567890]' },
    })
    expect(verify(request, 'e|1.0|[1, 12345678901234567890]')).toMatchObject({
      reading: 'percent_decoded',
      params: { n: '1.0', options: '[1, 12345678901234567890]' },
    })
  })

  it('is read if the query repeats a value that equals it in one reading only', () => {
    const request = ofBody(jsonType, '{"user_id":"+86"}', 'user_id=+86')
    expect(verify(request, '+86')).toMatchObject({ reading: 'percent_decoded', params: { user_id: '+86' } })
  })
})

describe('readCallback', () => {
  it.each([
    ['bytes that are no text in JSON', ofBody(jsonType, Buffer.from('{"a":"é"}', 'latin1'))],
    ['JSON in a form', ofBody(formType, '{"event":"open"}')],
    ['two values of a parameter', ofQuery('room_id=1&room_id=2')],
  ])('rejects %s', (_, request) => {
    expect(() => readCallback(request)).toThrow(expect.objectContaining({ name: 'UnreadableRequestError' }))
  })

  it('rejects an unsigned form that is text in no charset', () => {
    const binary = ofBody(formType, bytes('user_name=', 0xff, 0xfe))
    expect(() => readCallback(binary).readUnsigned()).toThrow(
      expect.objectContaining({ name: 'UnreadableRequestError' }),
    )
    expect(verify(binary, bytes(0xff, 0xfe))).toMatchObject({ reading: 'bytes', params: { user_name: '%FF%FE' } })
  })

  it.each([
    ['user_id=+8613800138000', '+8613800138000'],
    ['user_id=+86+138', ' 86 138'],
    ['user_id=C++', 'C  '],
    ['user_id=%2B86', '+86'],
    ['user_id=%CD%F5', '王'],
    ['user_id=%ff', '%ff'],
  ])('reads an unsigned query: %s', (query, user_id) => {
    expect(readCallback(ofQuery(query)).readUnsigned()).toEqual([{ name: 'user_id', value: user_id }])
  })
})

describe('createCheckCodeVerifier', () => {
  const manyReadings = ofBody(
    `${formType}; charset=iso-8859-1`,
    bytes('event=join&user_name=', 0xcd, 0xf5, '+x%20y'),
    `site=1+2&check_code=${'0'.repeat(64)}`,
  )

  it('tries keys that were not tried before, and returns the index of the one that matched', () => {
    const verifyKeys = createCheckCodeVerifier(readCallback(ofQuery(`event=open&check_code=${sign('open')}`)))
    expect(verifyKeys(['old'])).toEqual({ outcome: 'wrong' })
    expect(verifyKeys(['old', key])).toMatchObject({ outcome: 'valid', keyIndex: 1 })
  })

  it(`computes at most ${maxHmacs} HMACs, new keys after a refresh included`, () => {
    const hmacs = countHmacs()
    const verifyKeys = createCheckCodeVerifier(readCallback(manyReadings))
    for (const keys of [
      ['a', 'b'],
      ['a', 'b', 'c'],
    ])
      expect(verifyKeys(keys)).toEqual({ outcome: 'wrong' })
    expect(hmacs).toHaveBeenCalledTimes(maxHmacs)
  })

  it('computes no HMAC twice', () => {
    const hmacs = countHmacs()
    const query = `event=open&site=3&check_code=${'0'.repeat(64)}`
    const verifyKeys = createCheckCodeVerifier(readCallback(ofQuery(query)))
    for (const keys of [
      ['a', 'b'],
      ['b', 'a'],
    ])
      expect(verifyKeys(keys)).toEqual({ outcome: 'wrong' })
    expect(hmacs).toHaveBeenCalledTimes(4)
  })

  it('reads a large request in a bounded time', () => {
    const body = bytes('event=join&user_name=', 0xcd, 0xf5, `+x%20y${'+%CD%F5'.repeat(30_000)}`)
    const started = performance.now()
    const verdict = createCheckCodeVerifier(readCallback({ ...manyReadings, body }))(['a', 'b', 'c'])
    expect(verdict).toEqual({ outcome: 'wrong' })
    expect(performance.now() - started).toBeLessThan(2_000)
  })

  it('reads a request with very many parameters in one way only', () => {
    const hmacs = countHmacs()
    const many = Array.from({ length: 2_000 }, (_, index) => `${index}=+`).join('&')
    const query = `event=open&${many}&check_code=${'0'.repeat(64)}`
    expect(createCheckCodeVerifier(readCallback(ofQuery(query)))(['a'])).toEqual({ outcome: 'wrong' })
    expect(hmacs).toHaveBeenCalledTimes(2)
  })

  it('reads a request with too many parameters that is not UTF-8 in one way', () => {
    const hmacs = countHmacs()
    const many = Array.from({ length: 2_000 }, (_, index) => `${index}=+`).join('&')
    const body = bytes('event=open&user_name=', 0xcd, 0xf5, `&${many}&check_code=${'0'.repeat(64)}`)
    expect(createCheckCodeVerifier(readCallback(ofBody(formType, body)))(['a'])).toEqual({ outcome: 'wrong' })
    expect(hmacs).toHaveBeenCalledTimes(2)
  })
})
