import { describe, expect, it } from 'vitest'
import { CharsetMismatchError } from '../../../../core/protocol/decoding.ts'
import { formType, fromBody, fromQuery, rejectionMessage, valuesOf } from './requests.ts'

describe('readParameters with a query string', () => {
  it("reads the document's example", async () => {
    const query =
      'token=77e19b23-529c-41f7-b2a6-349d4539c8ac&room_id=18972290508&event=leave&event_type=normal&user_id=1&endpoint_type=web&user_name=shan'
    expect(Object.fromEntries(valuesOf(await fromQuery(query)))).toEqual({
      token: '77e19b23-529c-41f7-b2a6-349d4539c8ac',
      room_id: '18972290508',
      event: 'leave',
      event_type: 'normal',
      user_id: '1',
      endpoint_type: 'web',
      user_name: 'shan',
    })
  })

  it('returns an empty list for an empty query string', async () => {
    expect(await fromQuery('')).toEqual([])
    expect(await fromQuery('&&')).toEqual([])
  })

  it.each([
    ['form', '王 & 🎥', ' 86'],
    ['percent', '王+& 🎥', '+86'],
    ['sent', '%E7%8E%8B+%26%20%F0%9F%8E%A5', '+86'],
    ['unsigned', '王 & 🎥', '+86'],
  ] as const)('decodes values in the style %s', async (style, user_name, user_id) => {
    const query = 'user_name=%E7%8E%8B+%26%20%F0%9F%8E%A5&user_id=+86'
    expect(valuesOf(await fromQuery(query, { style, charset: 'utf-8' }))).toEqual([
      ['user_name', user_name],
      ['user_id', user_id],
    ])
  })

  it('separates a query that was appended to the query of the callback URL', async () => {
    for (const query of ['site=3?token=t&event=join', 'site=3/feedback?token=t&event=join'])
      expect(Object.keys(Object.fromEntries(valuesOf(await fromQuery(query))))).toEqual(['site', 'token', 'event'])
    expect(valuesOf(await fromQuery('?event=join'))).toEqual([['event', 'join']])
    expect(valuesOf(await fromQuery('site?event=join'))).toEqual([
      ['site', ''],
      ['event', 'join'],
    ])
  })

  it('keeps question marks in values that the document names, or before names that are present', async () => {
    for (const query of ['user_name=who?event=join', 'event=join&site=3?event=open', 'site=3?page=2'])
      expect(String(new URLSearchParams(valuesOf(await fromQuery(query))))).toBe(String(new URLSearchParams(query)))
  })

  it('decodes a plus sign as a space and an encoded plus sign as itself', async () => {
    expect(valuesOf(await fromQuery('a=1+2&b=1%2B2'))).toEqual([
      ['a', '1 2'],
      ['b', '1+2'],
    ])
  })

  it('returns an empty value if there is no equals sign, and keeps further equals signs', async () => {
    expect(valuesOf(await fromQuery('a&b=&c=x=y=='))).toEqual([
      ['a', ''],
      ['b', ''],
      ['c', 'x=y=='],
    ])
  })

  it('keeps malformed percent-encoding as sent', async () => {
    for (const malformed of ['100%', '%zz', '%E7%8', '%', 'a%2', '%u738b'])
      expect(valuesOf(await fromQuery(`a=${malformed}&b=%20`))).toEqual([
        ['a', malformed],
        ['b', ' '],
      ])
  })

  it('throws CharsetMismatchError for percent-encoded text in another charset', async () => {
    for (const foreign of ['%ff%fe', '%CD%F5%D0%A1%C3%F7', '%c0%af', '%ed%a0%80'])
      await expect(fromQuery(`user_name=${foreign}`)).rejects.toThrow(CharsetMismatchError)
  })

  it('decodes percent-encoded text in the given charset, or each value in its own', async () => {
    const decode = (text: string, charset: string) => fromQuery(`a=${text}`, { style: 'form', charset })
    expect(valuesOf(await decode('%CD%F5+1', 'gb18030'))).toEqual([['a', '王 1']])
    expect(valuesOf(await decode('%E9', 'windows-1252'))).toEqual([['a', 'é']])
    expect(valuesOf(await decode('%CD%F5', 'bytes'))).toEqual([['a', '\u00cd\u00f5']])
    expect(valuesOf(await fromQuery('a=%CD%F5&b=%E7%8E%8B&c=%ff', { style: 'form', charset: 'any' }))).toEqual([
      ['a', '王'],
      ['b', '王'],
      ['c', '%ff'],
    ])
  })

  it('decodes names', async () => {
    expect(valuesOf(await fromQuery('user%5Fname=x&%zz=y'))).toEqual([
      ['user_name', 'x'],
      ['%zz', 'y'],
    ])
  })

  it('keeps control characters, emoji and characters of every plane', async () => {
    const value = '\u0000\u0001\t\r\n\u001b\u007f\u0085\u2028\ufffe\uffff🎥\u{10ffff}'
    expect(valuesOf(await fromQuery(`a=${encodeURIComponent(value)}`))).toEqual([['a', value]])
  })

  it('accepts empty names and names of Object.prototype', async () => {
    expect(valuesOf(await fromQuery('=x&constructor=c&__proto__=p'))).toEqual([
      ['', 'x'],
      ['constructor', 'c'],
      ['__proto__', 'p'],
    ])
  })

  it('accepts a very long value and rejects a very long name', async () => {
    const long = 'v'.repeat(200_000)
    expect(valuesOf(await fromQuery(`a=${long}`))).toEqual([['a', long]])
    expect(await rejectionMessage(fromQuery(`${'n'.repeat(100_000)}=1`))).toMatch(/name/)
  })

  it('reads the query string and the body of a POST', async () => {
    expect(valuesOf(await fromBody(formType, 'room_id=R', 'event=open&trace_id=t')).sort()).toEqual([
      ['event', 'open'],
      ['room_id', 'R'],
      ['trace_id', 't'],
    ])
  })

  it('reads the query string of a POST without a body', async () => {
    expect(valuesOf(await fromBody(undefined, '', 'event=open'))).toEqual([['event', 'open']])
    expect(valuesOf(await fromBody('application/json', '', 'event=open'))).toEqual([['event', 'open']])
  })
})

describe('readParameters with a repeated parameter', () => {
  it.each(['room_id=1&event=open&room_id=2', 'room_id=1&room_id=', 'room_id&room_id=1', 'room_id=1&room%5Fid=2'])(
    'rejects it if the values differ in the query string: %s',
    async (query) => {
      expect(await rejectionMessage(fromQuery(query))).toContain('"room_id" is repeated')
    },
  )

  it('rejects it if the values differ in the query string and in the body', async () => {
    expect(await rejectionMessage(fromBody(formType, 'room_id=2', 'room_id=1'))).toContain('room_id')
    expect(await rejectionMessage(fromBody('application/json', '{"room_id":2}', 'room_id=1'))).toContain('room_id')
  })

  it('returns it once if the values are equal, however they are encoded', async () => {
    const expected = [['room_id', '1 2']]
    expect(valuesOf(await fromQuery('room_id=1+2&room%5Fid=1%202'))).toEqual(expected)
    expect(valuesOf(await fromBody(formType, 'room_id=1+2', 'room_id=1%202'))).toEqual(expected)
    expect(valuesOf(await fromBody('application/json', '{"room_id":"1 2"}', 'room_id=1+2'))).toEqual(expected)
  })

  it('treats names that differ in case as different parameters', async () => {
    expect(await fromQuery('room_id=1&Room_id=2')).toHaveLength(2)
  })
})
