import { describe, expect, it } from 'vitest'
import { fromBody, jsonType, refusal, valuesOf } from './requests.ts'

const fromJson = (text: string) => fromBody(jsonType, text)

describe('a JSON value that is not a string counts as its JSON text', () => {
  it.each(['1', '0', '-5', '1.0', '1.50', '1e3', '12345678901234567890', '0.1000000000000000055', 'true', 'false'])(
    '%s',
    async (text) => {
      expect(await fromJson(`{"a": ${text} , "b":"x"}`)).toEqual([
        { name: 'a', value: text, sent: text },
        { name: 'b', value: 'x', sent: 'x' },
      ])
    },
  )

  it('null is a parameter without a value', async () => {
    expect(valuesOf(await fromJson('{"a":null}'))).toEqual([['a', '']])
  })

  it('a nested one is compact JSON, and beside it the text as it was sent', async () => {
    const sent = '[{"type":"tcp","port":8088}, {"type":"websocket","port":7630}]'
    const value = '[{"type":"tcp","port":8088},{"type":"websocket","port":7630}]'
    expect(await fromJson(`{"options":\n ${sent}\n}`)).toEqual([{ name: 'options', value, sent }])
    expect(await fromJson('{"o":{ "a" : [ 1 , { } ] , "b" : "x y" }}')).toEqual([
      { name: 'o', value: '{"a":[1,{}],"b":"x y"}', sent: '{ "a" : [ 1 , { } ] , "b" : "x y" }' },
    ])
    expect(await fromJson('{"a":{},"b":[]}')).toEqual([
      { name: 'a', value: '{}', sent: '{}' },
      { name: 'b', value: '[]', sent: '[]' },
    ])
  })

  it('compacting a nested one drops blanks and changes no number', async () => {
    const [parameter] = await fromJson('{"o":{"size": 12345678901234567890, "rate": 1.0}}')
    expect(parameter?.value).toBe('{"size":12345678901234567890,"rate":1.0}')
  })

  it('a nested one may have a very long string, with anything in it', async () => {
    const long = '" \\\\ {'.repeat(30_000)
    const [parameter] = await fromJson(`{"o": [ ${JSON.stringify(long)} ] }`)
    expect(parameter?.value).toBe(JSON.stringify([long]))
  })

  it('compacting a nested one keeps the order of its members', async () => {
    const [parameter] = await fromJson('{"o":{"b": 1, "2": 2, "1": 3}}')
    expect(parameter?.value).toBe('{"b":1,"2":2,"1":3}')
  })
})

describe('a JSON body', () => {
  it('may have braces, brackets, commas, colons, quotes and backslashes in its strings and names', async () => {
    const odd = '}{][,:"\\ \\" \\\\'
    expect(valuesOf(await fromJson(JSON.stringify({ [odd]: odd, nested: { [odd]: odd }, last: '\\' })))).toEqual([
      [odd, odd],
      ['nested', JSON.stringify({ [odd]: odd })],
      ['last', '\\'],
    ])
  })

  it('has its escapes decoded, in names too', async () => {
    const text = String.raw`{"user\u005fname":"\u738b\/\n\ud83c\udfa5"}`
    expect(valuesOf(await fromJson(text))).toEqual([['user_name', '王/\n🎥']])
  })

  it('may be empty, and may have blanks anywhere', async () => {
    expect(await fromJson('{}')).toEqual([])
    expect(await fromJson(' { } ')).toEqual([])
    expect(valuesOf(await fromJson('\r\n{\t"a"\n:\r1\t,\n"b" : [ ] }\n'))).toEqual([
      ['a', '1'],
      ['b', '[]'],
    ])
  })

  it('with a repeated name at the top is refused, though JSON itself would take the last', async () => {
    expect(await refusal(fromJson('{"room_id":"1","event":"open","room_id":"2"}'))).toContain('room_id')
    expect(await refusal(fromJson(String.raw`{"room_id":"1","room\u005fid":"1"}`))).toContain('room_id')
    expect(await refusal(fromJson('{"room_id":null,"room_id":1}'))).toContain('room_id')
  })

  it('may repeat a name deeper down: that is one value', async () => {
    expect(await fromJson('{"a":{"b":1},"b":2,"c":[{"d":1},{"d":2}]}')).toHaveLength(3)
  })

  it('may have names that every JavaScript object has', async () => {
    expect(valuesOf(await fromJson('{"__proto__":"p","constructor":1,"":"e"}'))).toEqual([
      ['__proto__', 'p'],
      ['constructor', '1'],
      ['', 'e'],
    ])
  })

  it.each(['[]', '[{"event":"open"}]', '"event=open"', '5', 'null', 'true'])(
    'must be an object of parameters, not %s',
    async (text) => {
      expect(await refusal(fromJson(text))).toEqual(expect.stringMatching(/JSON/))
    },
  )

  it('that is nested very deeply is read, or refused as unreadable: it is no failure of ours', async () => {
    const deep = `{"event":"open","options":${'['.repeat(100_000)}${']'.repeat(100_000)}}`
    expect(await refusal(fromJson(deep))).toSatisfy((told) => told === undefined || typeof told === 'string')
  })
})
