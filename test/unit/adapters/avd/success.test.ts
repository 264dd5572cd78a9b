import { describe, expect, it } from 'vitest'
import { peopleOfTwoRooms, twoRooms } from '../../../support/listed-rooms.ts'
import { readScript } from '../../../support/scripted-platform.ts'

describe('avdPlatform with a room list beside fields about success', () => {
  it.each([
    ...[{ ret: '0' }, { ret: -0 }, { code: 0 }, { code: 200 }, { code: '0' }, { code: '00000' }, { errcode: 0 }],
    ...[
      { status: 'ok' },
      { status: 200 },
      { status: 1 },
      { state: '0' },
      { success: true },
      { success: 1 },
      { success: 'TRUE' },
      { result: 'SUCCESS' },
    ],
    ...[{ error: null }, { error: '' }, { error: false }, { errors: [] }, { error: { code: 0, msg: '' } }],
    ...[
      { msg: 'ok' },
      { msg: '操作成功' },
      { message: '' },
      { msg: '查询成功，共2条，失败0条' },
      { msg: '2 fetched, 0 failed' },
      { status: '200 OK' },
      { msg: 'no errors' },
      { errmsg: 'ok' },
      { msg: 'room list of AVD' },
    ],
    ...[
      { meta: { code: 0, status: 'success' } },
      { country_code: 86 },
      { ActionStatus: 'OK', ErrorCode: 0, ErrorInfo: '' },
      { stat: 'ok', status_text: 'OK', rc: 0, expired: false, valid: true, timeout: 30 },
      { server: { status: 'master', code: 'BOX-1' } },
    ],
  ])('accepts a response with %j', async (fields) => {
    const { people, error } = await readScript({ rooms: [{ ret: 0, list: twoRooms, ...fields }] })
    expect({ people, error }).toEqual({ people: peopleOfTwoRooms, error: '' })
  })

  it.each([
    ...([
      ['ret', 1],
      ['ret', '00'],
      ['ret', ' 0'],
      ['ret', '0.0'],
      ['ret', false],
      ['ret', ''],
      ['ret', -1],
    ] as const),
    ...([
      ['code', 1],
      ['code', 401],
      ['code', 'A0001'],
      ['errcode', 40001],
      ['resultCode', 7],
      ['statusCode', '503'],
    ] as const),
    ...([
      ['status', 'error'],
      ['status', 'fail'],
      ['status', 206],
      ['state', 'degraded'],
      ['ActionStatus', 'FAIL'],
      ['stat', 'fail'],
      ['result', 'failed'],
    ] as const),
    ...([
      ['success', false],
      ['success', 0],
      ['success', 'false'],
      ['is_success', 'no'],
      ['ok', false],
      ['timed_out', true],
      ['tokenExpired', true],
      ['valid', false],
      ['loading', true],
    ] as const),
    ...([
      ['error', 'down'],
      ['error', true],
      ['error_code', '1'],
      ['errors', ['a']],
      ['errno', 5],
      ['rc', 5],
      ['rtn', '-1'],
      ['errs', ['a']],
      ['exception', 'x'],
    ] as const),
    ...([
      ['msg', 'token expired'],
      ['message', '系统错误'],
      ['errmsg', 'nope'],
      ['msg', 'request timed out'],
      ['warning', 'the list was truncated'],
      ['statusText', 'Forbidden'],
      ['warning', 'box-2 unreachable'],
      ['msg', '节点离线'],
      ['notice', 'result truncated'],
      ['msg', '失败05条'],
      ['msg', '10 failed'],
      ['warnings', ['partial result']],
    ] as const),
  ])('refuses a response with %s %j and names the field', async (name, value) => {
    const { people, reason, error } = await readScript({ rooms: [{ ret: 0, list: twoRooms, [name]: value }] })
    expect({ people, reason }).toEqual({ people: undefined, reason: 'refused' })
    expect(error).toContain(`room/list: ${name} ${Array.isArray(value) ? JSON.stringify(value) : value}`.trim())
  })

  it.each([
    ['data.code', { data: { code: 500, list: twoRooms } }],
    ['data.ret', { data: { ret: 3, list: twoRooms } }],
    ['meta.status', { list: twoRooms, meta: { status: 'error' } }],
    ['status.code', { list: twoRooms, status: { code: 401 } }],
    ['response.head.success', { list: twoRooms, response: { head: { success: false } } }],
  ])('refuses a response whose field %s contradicts ret', async (path, fields) => {
    const { reason, error } = await readScript({ rooms: [{ ret: 0, ...fields }] })
    expect({ reason, error }).toEqual({ reason: 'refused', error: expect.stringContaining(`${path} `) })
  })

  it.each([{}, { ret: null }, { code: 0 }, { success: true }])(
    'refuses a response with %j instead of ret',
    async (fields) => {
      const { reason, error } = await readScript({ rooms: [{ ...fields, list: twoRooms }] })
      expect({ reason, error }).toEqual({ reason: 'unrecognised', error: expect.stringContaining('has no ret') })
    },
  )

  it.each([
    { token: 't' },
    { ret: 0, data: { token: 't' }, code: 1 },
    { ret: '0', token: 't', msg: 'no error', expire: 7200 },
  ])('accepts %j as a login', async (login) => {
    expect((await readScript({ rooms: [{ ret: 0, list: twoRooms }], login })).people).toEqual(peopleOfTwoRooms)
  })

  it.each([
    [{ ret: 3, token: 't' }, 'refused', 'ret 3'],
    [{ code: 1001, msg: 'wrong key' }, 'refused', 'code 1001 wrong key'],
    [{ ret: 0, token: '' }, 'unrecognised', 'has no token'],
  ])('does not accept %j as a login', async (login, reason, message) => {
    const result = await readScript({ rooms: [{ ret: 0, list: twoRooms }], login })
    expect({ reason: result.reason, error: result.error }).toEqual({ reason, error: expect.stringContaining(message) })
  })

  it.each([
    { code: 401, msg: 'token expired', data: { list: [] } },
    { ret: 0, code: 403, list: [] },
    { ret: 7, msg: '请先登录' },
  ])('logs in once more, and then gives up, if the response is %j', async (answer) => {
    const { queries, reason } = await readScript({ rooms: [answer] })
    expect({ requests: queries.length, reason }).toEqual({ requests: 2, reason: 'refused' })
  })
})
