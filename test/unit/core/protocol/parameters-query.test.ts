import { describe, expect, it } from 'vitest'
import { formType, fromBody, fromQuery, refusal, valuesOf } from './requests.ts'

describe('the parameters of a query string', () => {
  it("are read as in the document's example", async () => {
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

  it('are none where there is no query string', async () => {
    expect(await fromQuery('')).toEqual([])
    expect(await fromQuery('&&')).toEqual([])
  })

  it('keep what they mean beside what was sent, because either may be signed', async () => {
    expect(await fromQuery('user_name=%E7%8E%8B+%26+%F0%9F%8E%A5')).toEqual([
      { name: 'user_name', value: '王 & 🎥', sent: '%E7%8E%8B+%26+%F0%9F%8E%A5' },
    ])
  })

  it('read a plus as a space and an encoded plus as a plus', async () => {
    expect(valuesOf(await fromQuery('a=1+2&b=1%2B2'))).toEqual([
      ['a', '1 2'],
      ['b', '1+2'],
    ])
  })

  it('have an empty value where there is no equals sign, and keep the further equals signs of a value', async () => {
    expect(valuesOf(await fromQuery('a&b=&c=x=y=='))).toEqual([
      ['a', ''],
      ['b', ''],
      ['c', 'x=y=='],
    ])
  })

  it('keep malformed percent-encoding as it was sent', async () => {
    for (const sloppy of ['100%', '%zz', '%E7%8', '%', 'a%2', '%u738b'])
      expect(await fromQuery(`a=${sloppy}&b=%20`)).toEqual([
        { name: 'a', value: sloppy, sent: sloppy },
        { name: 'b', value: ' ', sent: '%20' },
      ])
  })

  it('keep percent sequences that are not UTF-8 as they were sent, so that another character set loses no event', async () => {
    for (const foreign of ['%ff%fe', '%CD%F5%D0%A1%C3%F7', '%c0%af', '%ed%a0%80'])
      expect(await fromQuery(`user_name=${foreign}`)).toEqual([{ name: 'user_name', value: foreign, sent: foreign }])
  })

  it('have their names decoded too', async () => {
    expect(valuesOf(await fromQuery('user%5Fname=x&%zz=y'))).toEqual([
      ['user_name', 'x'],
      ['%zz', 'y'],
    ])
  })

  it('keep control characters, emoji and characters of every plane', async () => {
    const value = '\u0000\u0001\t\r\n\u001b\u007f\u0085\u2028\ufffe\uffff🎥\u{10ffff}'
    expect(valuesOf(await fromQuery(`a=${encodeURIComponent(value)}`))).toEqual([['a', value]])
  })

  it('may have an empty name, or one that every JavaScript object has', async () => {
    expect(valuesOf(await fromQuery('=x&constructor=c&__proto__=p'))).toEqual([
      ['', 'x'],
      ['constructor', 'c'],
      ['__proto__', 'p'],
    ])
  })

  it('may be very long in value; a huge name is refused, because no store could keep it', async () => {
    const long = 'v'.repeat(200_000)
    expect(valuesOf(await fromQuery(`a=${long}`))).toEqual([['a', long]])
    expect(await refusal(fromQuery(`${'n'.repeat(100_000)}=1`))).toMatch(/name/)
  })

  it('of a POST count beside those of its body', async () => {
    expect(valuesOf(await fromBody(formType, 'room_id=R', 'event=open&trace_id=t')).sort()).toEqual([
      ['event', 'open'],
      ['room_id', 'R'],
      ['trace_id', 't'],
    ])
  })

  it('of a POST without a body are all there is', async () => {
    expect(valuesOf(await fromBody(undefined, '', 'event=open'))).toEqual([['event', 'open']])
    expect(valuesOf(await fromBody('application/json', '', 'event=open'))).toEqual([['event', 'open']])
  })
})

describe('a repeated parameter is refused, because it would make the signature ambiguous', () => {
  it.each([
    'room_id=1&event=open&room_id=2',
    'room_id=1&room_id=1',
    'room_id=1&room_id=',
    'room_id&room_id=1',
    'room_id=1&room%5Fid=2',
  ])('twice in the query string: %s', async (query) => {
    expect(await refusal(fromQuery(query))).toContain('room_id')
  })

  it('in the query string and in the body', async () => {
    expect(await refusal(fromBody(formType, 'room_id=2', 'room_id=1'))).toContain('room_id')
    expect(await refusal(fromBody('application/json', '{"room_id":2}', 'room_id=1'))).toContain('room_id')
  })

  it('but names that differ in case are two parameters', async () => {
    expect(await fromQuery('room_id=1&Room_id=2')).toHaveLength(2)
  })
})
