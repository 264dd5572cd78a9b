import { describe, expect, it } from 'vitest'
import { fromBody, jsonType, rejectionMessage, valuesOf } from './requests.ts'

const fromJson = (text: string) => fromBody(jsonType, text)

describe('readParameters with JSON values that are not strings', () => {
  it.each(['1', '0', '-5', '1.0', '1.50', '1e3', '12345678901234567890', '0.1000000000000000055', 'true', 'false'])(
    'reads %s as its JSON text',
    async (text) => {
      expect(await fromJson(`{"a": ${text} , "b":"x"}`)).toEqual([
        { name: 'a', value: text },
        { name: 'b', value: 'x' },
      ])
    },
  )

  it('reads null as a parameter without a value', async () => {
    expect(valuesOf(await fromJson('{"a":null}'))).toEqual([['a', '']])
  })

  it('reads a nested value as compact JSON, or as sent if plus signs stay', async () => {
    const sent = '[{"type":"tcp","port":8088}, {"type":"websocket","port":7630}]'
    const value = '[{"type":"tcp","port":8088},{"type":"websocket","port":7630}]'
    expect(await fromJson(`{"options":\n ${sent}\n}`)).toEqual([{ name: 'options', value }])
    for (const style of ['percent', 'sent'] as const)
      expect(await fromBody(jsonType, `{"options":\n ${sent}\n}`, '', { style, charset: 'utf-8' })).toEqual([
        { name: 'options', value: sent },
      ])
    expect(valuesOf(await fromJson('{"o":{ "a" : [ 1 , { } ] , "b" : "x y" }}'))).toEqual([
      ['o', '{"a":[1,{}],"b":"x y"}'],
    ])
    expect(valuesOf(await fromJson('{"a":{},"b":[]}'))).toEqual([
      ['a', '{}'],
      ['b', '[]'],
    ])
  })

  it('does not change numbers in a nested value', async () => {
    const [parameter] = await fromJson('{"o":{"size": 12345678901234567890, "rate": 1.0}}')
    expect(parameter?.value).toBe('{"size":12345678901234567890,"rate":1.0}')
  })

  it('reads a nested value that contains a very long string', async () => {
    const long = '" \\\\ {'.repeat(30_000)
    const [parameter] = await fromJson(`{"o": [ ${JSON.stringify(long)} ] }`)
    expect(parameter?.value).toBe(JSON.stringify([long]))
  })

  it('keeps the order of members in a nested value', async () => {
    const [parameter] = await fromJson('{"o":{"b": 1, "2": 2, "1": 3}}')
    expect(parameter?.value).toBe('{"b":1,"2":2,"1":3}')
  })
})

describe('readParameters with a JSON body', () => {
  it('reads strings and names that contain JSON syntax', async () => {
    const syntax = '}{][,:"\\ \\" \\\\'
    expect(
      valuesOf(await fromJson(JSON.stringify({ [syntax]: syntax, nested: { [syntax]: syntax }, last: '\\' }))),
    ).toEqual([
      [syntax, syntax],
      ['nested', JSON.stringify({ [syntax]: syntax })],
      ['last', '\\'],
    ])
  })

  it('decodes escapes in values and names', async () => {
    const text = String.raw`{"user\u005fname":"\u738b\/\n\ud83c\udfa5"}`
    expect(valuesOf(await fromJson(text))).toEqual([['user_name', '王/\n🎥']])
  })

  it('accepts an empty object, and white space anywhere', async () => {
    expect(await fromJson('{}')).toEqual([])
    expect(await fromJson(' { } ')).toEqual([])
    expect(valuesOf(await fromJson('\r\n{\t"a"\n:\r1\t,\n"b" : [ ] }\n'))).toEqual([
      ['a', '1'],
      ['b', '[]'],
    ])
  })

  it('rejects a name with two different values at the top level', async () => {
    expect(await rejectionMessage(fromJson('{"room_id":"1","event":"open","room_id":"2"}'))).toContain('room_id')
    expect(await rejectionMessage(fromJson(String.raw`{"room_id":"1","room\u005fid":"2"}`))).toContain('room_id')
    expect(await rejectionMessage(fromJson('{"room_id":null,"room_id":1}'))).toContain('room_id')
  })

  it('accepts a repeated name in nested values', async () => {
    expect(await fromJson('{"a":{"b":1},"b":2,"c":[{"d":1},{"d":2}]}')).toHaveLength(3)
  })

  it('accepts empty names and names of Object.prototype', async () => {
    expect(valuesOf(await fromJson('{"__proto__":"p","constructor":1,"":"e"}'))).toEqual([
      ['__proto__', 'p'],
      ['constructor', '1'],
      ['', 'e'],
    ])
  })

  it.each(['[]', '[{"event":"open"}]', '"event=open"', '5', 'null', 'true'])(
    'rejects %s, which is not an object',
    async (text) => {
      expect(await rejectionMessage(fromJson(text))).toEqual(expect.stringMatching(/JSON/))
    },
  )

  it('reads or rejects a very deeply nested value without any other error', async () => {
    const deep = `{"event":"open","options":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
    expect(await rejectionMessage(fromJson(deep))).toSatisfy(
      (message) => message === undefined || typeof message === 'string',
    )
  })
})
