import { createHash, createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { encodeGbk } from '../../../core/protocol/gbk.ts'
import { runCommand } from '../../support/cli.ts'

type Parameters = Readonly<Record<string, string>>

const key = 'Nb-demo-key-2026'
const join: Parameters = {
  event: 'join',
  trace_id: '0d6f9e0a-3c5b-4c9c-8a4e-5f3f8a5b1c22',
  room_id: '18972290508',
  user_id: '42',
  event_type: 'normal',
  endpoint_type: 'weixin',
  user_name: '王小明 & 李雷',
}
const warning: Parameters = {
  event: 'warning_notify',
  trace_id: '5b0d6d3e-9a53-4a2e-8f6e-5d0f7f0f6f01',
  event_type: 'check_port',
  box_code: 'box-01',
  options: '[{"type":"tcp","port":8088}, {"type":"websocket","port":7630}]',
}

/** The documented text, with deviations. */
function textOf(parameters: Parameters, separator = '|', item = (_name: string, value: string) => value): string {
  const names = Object.keys(parameters).filter((name) => parameters[name] !== '')
  return names
    .toSorted()
    .map((name) => item(name, parameters[name] ?? ''))
    .join(separator)
}

function hmac(text: string | Buffer, usedKey: string | Buffer = key, algorithm = 'sha256'): string {
  return createHmac(algorithm, usedKey).update(text).digest('hex')
}

function urlOf(parameters: Parameters, code: string): string {
  return `http://127.0.0.1:3322/room_event_history/feedback?${new URLSearchParams({ ...parameters, check_code: code })}`
}

async function verify(request: string, usedKey = key) {
  const { stdout } = await runCommand(['verify', '--json', '--key', usedKey, request])
  return JSON.parse(stdout)
}

const signed = hmac(textOf(join))
const { user_name: _userName, ...nameless } = join
const { event_type: _eventType, ...typeless } = join

/** What was done to a request, the request, the codes of the causes, and the parameter that is concerned. */
const spoiled: readonly (readonly [title: string, request: string, causes: readonly string[], parameter?: string])[] = [
  // Parameters
  ['a parameter that is not signed', urlOf(join, hmac(textOf(nameless))), ['parameter_not_signed'], 'user_name'],
  [
    'an extra parameter of the callback URL among unsigned ones',
    urlOf({ ...join, token: 't', zone: '3' }, hmac(textOf(nameless))),
    ['parameter_not_signed'],
    'user_name',
  ],
  [
    'two parameters that are not signed',
    urlOf(join, hmac(textOf({ ...nameless, endpoint_type: '' }))),
    ['parameter_not_signed', 'parameter_not_signed'],
  ],
  ['a missing parameter', urlOf(typeless, signed), ['parameter_missing'], 'event_type'],
  ['a parameter whose value was lost', urlOf({ ...join, event_type: '' }, signed), ['value_changed'], 'event_type'],
  ['a renamed parameter', urlOf({ ...nameless, name: join.user_name ?? '' }, signed), ['parameter_renamed'], 'name'],
  [
    'a parameter whose name got capitals',
    urlOf({ ...nameless, User_name: join.user_name ?? '' }, signed),
    ['parameter_renamed'],
    'User_name',
  ],
  ['another event', urlOf({ ...join, event: 'leave' }, signed), ['value_changed'], 'event'],
  [
    'two exchanged values',
    urlOf({ ...join, room_id: '42', user_id: '18972290508' }, signed),
    ['value_swapped'],
    'room_id',
  ],
  ['an ampersand that is not encoded', urlOf(join, signed).replace('%26', '&'), ['parameter_split'], 'user_name'],
  [
    'a number sign that is not encoded',
    urlOf({ ...join, user_name: 'Room #7' }, hmac(textOf({ ...join, user_name: 'Room #7' }))).replace(
      /(.*)&user_name=Room\+%237(.*)/,
      '$1$2&user_name=Room+#7',
    ),
    ['parameter_split'],
  ],
  ['separators that are HTML escapes', urlOf(join, signed).replaceAll('&', '&amp;'), ['parameter_split']],
  // Values
  ['a changed digit', urlOf({ ...join, room_id: '18972290509' }, signed), ['value_changed'], 'room_id'],
  ['a lost digit', urlOf({ ...join, room_id: '1897229058' }, signed), ['value_changed'], 'room_id'],
  ['a value with something appended', urlOf({ ...join, user_id: '42?site=3' }, signed), ['value_changed'], 'user_id'],
  [
    'a value that is encoded twice',
    urlOf({ ...join, user_name: encodeURIComponent(join.user_name ?? '') }, signed),
    ['value_encoded_twice'],
    'user_name',
  ],
  [
    'a value that was decoded once too often',
    urlOf(join, hmac(textOf({ ...join, user_name: encodeURIComponent(join.user_name ?? '') }))).replace(
      /user_name=[^&]*/,
      'user_name=王小明%20%26%20李雷',
    ),
    ['value_decoded_too_often'],
    'user_name',
  ],
  [
    'a plus that became a space',
    urlOf({ ...join, user_id: ' 8613800138000' }, hmac(textOf({ ...join, user_id: '+8613800138000' }))).replace(
      'user_id=+',
      'user_id=%20',
    ),
    ['value_changed'],
    'user_id',
  ],
  ['a blank at the end of a value', urlOf({ ...join, user_id: '42 ' }, signed), ['value_changed'], 'user_id'],
  [
    'a value in other letters',
    urlOf({ ...join, endpoint_type: 'WeiXin' }, hmac(textOf({ ...join, endpoint_type: 'WEIXIN' }))),
    ['value_changed'],
    'endpoint_type',
  ],
  [
    'a decomposed value',
    urlOf({ ...join, user_name: 'Chloé'.normalize('NFD') }, hmac(textOf({ ...join, user_name: 'Chloé' }))),
    ['value_changed'],
    'user_name',
  ],
  [
    'line ends that changed',
    urlOf({ ...join, user_name: 'a\nb' }, hmac(textOf({ ...join, user_name: 'a\r\nb' }))),
    ['value_changed'],
    'user_name',
  ],
  [
    'compact JSON',
    urlOf(warning, hmac(textOf({ ...warning, options: JSON.stringify(JSON.parse(warning.options ?? '')) }))),
    ['value_changed'],
    'options',
  ],
  [
    'an id that was rounded',
    urlOf({ ...join, room_id: '9007199254740993' }, hmac(textOf({ ...join, room_id: '9007199254740992' }))),
    ['value_changed'],
    'room_id',
  ],
  [
    'an empty value that was signed as null',
    urlOf({ ...join, user_name: '' }, hmac(textOf({ ...join, user_name: 'null' }))),
    ['value_changed'],
    'user_name',
  ],
  // Text
  [
    'an empty parameter that is counted',
    urlOf(
      { ...join, remark: '' },
      hmac('weixin|join|normal||18972290508|0d6f9e0a-3c5b-4c9c-8a4e-5f3f8a5b1c22|42|王小明 & 李雷'),
    ),
    ['empty_counted'],
  ],
  ['the order as sent', urlOf(join, hmac(Object.values(join).join('|'))), ['order']],
  ['the order of the values', urlOf(join, hmac(Object.values(join).toSorted().join('|'))), ['order']],
  [
    'the reverse order',
    urlOf(
      join,
      hmac(
        Object.keys(join)
          .toSorted()
          .reverse()
          .map((name) => join[name])
          .join('|'),
      ),
    ),
    ['order'],
  ],
  [
    'pairs of names and values',
    urlOf(join, hmac(textOf(join, '|', (name, value) => `${name}=${value}`))),
    ['pairs_signed'],
  ],
  ['another separator', urlOf(join, hmac(textOf(join, ','))), ['separator']],
  ['no separator', urlOf(join, hmac(textOf(join, ''))), ['separator']],
  [
    'pairs that are joined like a query',
    urlOf(join, hmac(textOf(join, '&', (name, value) => `${name}=${value}`))),
    ['pairs_signed', 'separator'],
  ],
  ['a separator at the end', urlOf(join, hmac(`${textOf(join)}|`)), ['separator_at_end']],
  ['a separator at the start', urlOf(join, hmac(`|${textOf(join)}`)), ['separator_at_end']],
  ['a line end at the end', urlOf(join, hmac(`${textOf(join)}\n`)), ['separator_at_end']],
  ['a text in GBK', urlOf(join, hmac(Buffer.from(encodeGbk(textOf(join)) ?? '', 'latin1'))), ['charset']],
  ['a text in Latin-1 with question marks', urlOf(join, hmac(textOf(join).replace(/[^\0-\xff]/g, '?'))), ['charset']],
  ['a text in UTF-16', urlOf(join, hmac(Buffer.from(textOf(join), 'utf16le'))), ['charset']],
  // Key
  ['a space at the end of the key', urlOf(join, hmac(textOf(join), `${key} `)), ['key_blank']],
  ['a line end after the key', urlOf(join, hmac(textOf(join), `${key}\r\n`)), ['key_blank']],
  ['a byte-order mark before the key', urlOf(join, hmac(textOf(join), `\uFEFF${key}`)), ['key_byte_order_mark']],
  ['quotation marks around the key', urlOf(join, hmac(textOf(join), `"${key}"`)), ['key_quoted']],
  ['a key in small letters', urlOf(join, hmac(textOf(join), key.toLowerCase())), ['key_case']],
  ['a key in base64', urlOf(join, hmac(textOf(join), Buffer.from(key).toString('base64'))), ['key_base64']],
  ['the MD5 of the key', urlOf(join, hmac(textOf(join), createHash('md5').update(key).digest('hex'))), ['key_hashed']],
  ['a key that was cut', urlOf(join, hmac(textOf(join), key.slice(0, 8))), ['key_truncated']],
  ['an empty key', urlOf(join, hmac(textOf(join), '')), ['key_empty']],
  // Algorithm and code
  ['HMAC-MD5', urlOf(join, hmac(textOf(join), key, 'md5')), ['algorithm']],
  ['HMAC-SHA1', urlOf(join, hmac(textOf(join), key, 'sha1')), ['algorithm']],
  [
    'HMAC-SHA512 in base64',
    urlOf(join, createHmac('sha512', key).update(textOf(join)).digest('base64')),
    ['algorithm'],
  ],
  ['an HMAC with key and text exchanged', urlOf(join, hmac(key, textOf(join))), ['algorithm']],
  [
    'the SHA-256 of text and key',
    urlOf(
      join,
      createHash('sha256')
        .update(textOf(join) + key)
        .digest('hex'),
    ),
    ['algorithm'],
  ],
  [
    'the MD5 of pairs and key, as of many APIs',
    urlOf(
      join,
      createHash('md5')
        .update(`${textOf(join, '&', (name, value) => `${name}=${value}`)}&key=${key}`)
        .digest('hex'),
    ),
    ['pairs_signed', 'separator', 'algorithm'],
  ],
  ['a truncated code', urlOf(join, signed.slice(0, 32)), ['code_truncated']],
  [
    'a base64 code in small letters',
    urlOf(join, Buffer.from(signed, 'hex').toString('base64').toLowerCase()),
    ['code_case'],
  ],
  ['a code with a prefix', urlOf(join, `sha256=${signed}`), ['code_decorated']],
  [
    'a base64 code that is encoded twice',
    urlOf(join, encodeURIComponent(Buffer.from(signed, 'hex').toString('base64'))),
    ['code_encoded_twice'],
  ],
  // Two causes
  [
    'a line end after the key, and the order as sent',
    urlOf(join, hmac(Object.values(join).join('|'), `${key}\n`)),
    ['order', 'key_blank'],
  ],
  [
    'a changed event, and a space after the key',
    urlOf({ ...join, event: 'leave' }, hmac(textOf(join), `${key} `)),
    ['value_changed', 'key_blank'],
  ],
]

describe('verify names the cause of', () => {
  for (const [title, request, causes, parameter] of spoiled)
    it(title, async () => {
      const result = await verify(request)
      expect(result).toMatchObject({ holds: false, outcome: 'wrong' })
      expect(result.causes.map(({ code }: { code: string }) => code)).toEqual(causes)
      if (parameter !== undefined) expect(result.causes[0].parameter).toBe(parameter)
    })
})

describe('verify names no cause', () => {
  it.each([
    ['a request that was signed with another key', urlOf(join, hmac(textOf(join), 'another-key'))],
    ['a name that was replaced by another one', urlOf({ ...join, user_name: '赵六' }, signed)],
    ['extra parameters, and another key', urlOf({ ...join, site: '3', remark: '' }, hmac(textOf(join), 'other'))],
    ['a short code', urlOf(join, signed.slice(0, 8))],
  ])('of %s', async (_title, request) => {
    expect(await verify(request)).toMatchObject({
      ...{ holds: false, causes: [], complete: true },
      reason: expect.stringContaining('another key'),
    })
  })
})

describe('the time that verify takes', () => {
  it('is bounded for a request of 256 KB', async () => {
    const result = await verify(urlOf({ ...join, options: '王%'.repeat(20_000) }, 'ab'.repeat(32)))
    expect(result).toMatchObject({ causes: [], complete: false })
    expect(result.tried).toBeLessThan(20_000)
  })

  it('is bounded for many parameters', async () => {
    const many = Object.fromEntries(Array.from({ length: 20_000 }, (_, index) => [`p${index}`, `${index}`]))
    expect(await verify(urlOf({ ...join, ...many }, 'ab'.repeat(32)))).toMatchObject({ causes: [], complete: false })
  })
})
