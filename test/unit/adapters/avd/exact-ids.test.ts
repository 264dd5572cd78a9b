import { describe, expect, it } from 'vitest'
import { parseExactJson } from '../../../../adapters/avd/exact-json.ts'
import { readScript } from '../../../support/scripted-platform.ts'

const rooms = (room_id: string, user_id: string) => `{"ret":0,"list":[{"room_id":${room_id},"users":[${user_id}]}]}`

describe('avdPlatform with numeric ids', () => {
  it.each([
    ['9007199254740993', '9007199254740993'],
    ['-1234567890123456789', '-1234567890123456789'],
    ['12345678901234567890123', '12345678901234567890123'],
    ['"00123456789012345678"', '00123456789012345678'],
    ['1e3', '1000'],
    ['7.0', '7'],
    ['-5', '-5'],
    ['0', '0'],
  ])('reads the id %s exactly', async (id, expected) => {
    const { people } = await readScript({
      rooms: [rooms(id, `{"user_id":${id}}`).replace('}]}]}', '}]},{"room_id":"x"}]}')],
      participants: { x: `{"ret":0,"list":[{"user_id":${id}},${id}]}` },
    })
    expect(people).toEqual({ [expected]: [expected], x: [expected] })
  })

  it.each(['1.2345678901234568e18', '9007199254740993.0', '1.5', '1e400', 'true', '{}', 'null', '""'])(
    'rejects the id %s',
    async (id) => {
      expect((await readScript({ rooms: [rooms(id, '')] })).error).toContain('rooms[0] has no recognised id')
      expect((await readScript({ rooms: [rooms('"R"', id)] })).error).toContain(
        'rooms[0].users[0] has no recognised id',
      )
    },
  )
})

describe('avdPlatform with ids that are not ASCII', () => {
  const utf8 = Buffer.from(rooms('"会议"', '"张"'))
  /** 会议 and 张 in GB18030. */
  const gb18030 = Buffer.from(rooms('"\xBB\xE1\xD2\xE9"', '"\xD5\xC5"'), 'latin1')

  it.each([
    ['UTF-8', utf8, {}],
    ['UTF-8 that is declared as another charset', utf8, { 'content-type': 'text/html;charset=ISO-8859-1' }],
    ['a declared charset', gb18030, { 'content-type': 'application/json; charset="GBK"' }],
  ])('reads them in %s', async (_case, body, headers) => {
    expect((await readScript({ rooms: [body], headers })).people).toEqual({ 会议: ['张'] })
  })

  it.each([
    ['are not in UTF-8', gb18030, {}],
    ['are cut in the middle of a character', Buffer.from(rooms('"x"', '"x"')).fill(0xe5, 24, 25), {}],
    ['have an unknown charset', gb18030, { 'content-type': 'application/json; charset=none' }],
  ])('rejects them if they %s', async (_case, body, headers) => {
    expect((await readScript({ rooms: [body], headers })).reason).toBe('not_json')
  })
})

describe('parseExactJson', () => {
  it('turns only integers that a number cannot hold into texts', () => {
    expect(parseExactJson('[9007199254740993,0.1234567890123456,9007199254740991,"1234567890123456789"]')).toEqual([
      ...['9007199254740993', 0.1234567890123456, 9007199254740991, '1234567890123456789'],
    ])
  })

  it('ignores a byte order mark, and returns undefined for a text that is not JSON', () => {
    expect(parseExactJson('\uFEFF{"ret":0}')).toEqual({ ret: 0 })
    expect(parseExactJson('{"id":9007199254740993')).toBeUndefined()
  })
})
