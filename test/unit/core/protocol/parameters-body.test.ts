import { describe, expect, it } from 'vitest'
import { formDecoding } from '../../../../core/protocol/decoding.ts'
import { readParameters } from '../../../../core/protocol/parameters.ts'
import {
  boundary,
  encodeMultipart,
  formType,
  fromBody,
  jsonType,
  multipartType,
  rejectionMessage,
  valuesOf,
} from './requests.ts'

const fields = [
  ['event', 'join'],
  ['user_name', '王小明 & 李雷'],
  ['empty', ''],
] as const
const expected = fields.map(([name, value]) => [name, value])
const form = 'event=join&user_name=%E7%8E%8B%E5%B0%8F%E6%98%8E+%26+%E6%9D%8E%E9%9B%B7&empty='
const json = JSON.stringify(Object.fromEntries(fields))

describe('readParameters with a body', () => {
  it('reads a form, multipart or JSON according to the content type', async () => {
    expect(valuesOf(await fromBody(formType, form))).toEqual(expected)
    expect(valuesOf(await fromBody(multipartType, encodeMultipart(fields)))).toEqual(expected)
    expect(valuesOf(await fromBody(jsonType, json))).toEqual(expected)
  })

  it('accepts any case and parameters in the content type', async () => {
    expect(valuesOf(await fromBody('Application/X-WWW-Form-URLEncoded; charset=UTF-8', form))).toEqual(expected)
    expect(valuesOf(await fromBody('APPLICATION/JSON;charset="utf-8"', json))).toEqual(expected)
    const quoted = `Multipart/Form-Data; boundary="${boundary}"`
    expect(valuesOf(await fromBody(quoted, encodeMultipart(fields)))).toEqual(expected)
  })

  it('detects JSON or a form if there is no content type', async () => {
    expect(valuesOf(await fromBody(undefined, form))).toEqual(expected)
    expect(valuesOf(await fromBody(undefined, ` \n${json}`))).toEqual(expected)
    expect(valuesOf(await fromBody('', json))).toEqual(expected)
  })

  it.each(['text/plain', 'text/plain; charset=utf-8'])('detects JSON or a form in %s', async (type) => {
    expect(valuesOf(await fromBody(type, form))).toEqual(expected)
    expect(valuesOf(await fromBody(type, `${form}\r\n`))).toEqual(expected)
    expect(valuesOf(await fromBody(type, `\uFEFF${json}`))).toEqual(expected)
  })

  it('reads other names of JSON', async () => {
    for (const type of ['text/json', 'application/vnd.avd+json'])
      expect(valuesOf(await fromBody(type, json))).toEqual(expected)
  })

  it('ignores the body of a GET', async () => {
    const body = Buffer.from('event=close')
    const request = { method: 'GET', rawQueryString: 'event=open', contentType: formType, body }
    expect(valuesOf(readParameters(request, formDecoding))).toEqual([['event', 'open']])
  })

  it('keeps malformed percent-encoding in a form as sent', async () => {
    expect(valuesOf(await fromBody(formType, 'user_name=50%&x=%20'))).toEqual([
      ['user_name', '50%'],
      ['x', ' '],
    ])
  })

  it.each(['gzip', 'br', 'deflate', 'GZIP, br'])('rejects the content encoding %s by its name', async (encoding) => {
    const request = { method: 'POST', rawQueryString: '', contentType: formType, contentEncoding: encoding }
    const read = async () => readParameters({ ...request, body: Buffer.from(form) }, formDecoding)
    expect(await rejectionMessage(read())).toContain(`content encoding "${encoding}"`)
  })

  it('accepts the content encoding identity', async () => {
    const request = { method: 'POST', rawQueryString: '', contentType: formType, contentEncoding: 'Identity' }
    expect(valuesOf(readParameters({ ...request, body: Buffer.from(form) }, formDecoding))).toEqual(expected)
  })
})

describe('readParameters with a multipart body', () => {
  it('does not decode percent signs, plus signs, line ends or quotes in values', async () => {
    const value = 'a%20b+c\r\n"d"\n--e é🎥'
    expect(await fromBody(multipartType, encodeMultipart([['a', value]]))).toEqual([{ name: 'a', value }])
  })

  it('reads a value that is sent as a file', async () => {
    const head = 'content-disposition: form-data; name="options"; filename="options.json"\r\ncontent-type: text/plain'
    const body = `--${boundary}\r\n${head}\r\n\r\n[{"type":"tcp"}]\r\n--${boundary}--\r\n`
    expect(valuesOf(await fromBody(multipartType, body))).toEqual([['options', '[{"type":"tcp"}]']])
  })

  it('reads fields with headers of their own, a preamble and line feeds only', async () => {
    const head = 'Content-Disposition: form-data; name=room_id\nContent-Type: text/plain; charset=UTF-8'
    const encoding = 'Content-Transfer-Encoding: 8bit'
    const body = `preamble\n--${boundary} \n${head}\n${encoding}\n\nR\n--${boundary}--\nepilogue`
    expect(valuesOf(await fromBody(multipartType, body))).toEqual([['room_id', 'R']])
  })

  it('decodes the charset that a part declares', async () => {
    const head = 'content-disposition: form-data; name="user_name"\r\ncontent-type: text/plain; charset=gb2312'
    const start = Buffer.from(`--${boundary}\r\n${head}\r\n\r\n`)
    const body = Buffer.concat([start, Buffer.from([0xcd, 0xf5]), Buffer.from(`\r\n--${boundary}--\r\n`)])
    expect(valuesOf(await fromBody(multipartType, body))).toEqual([['user_name', '王']])
  })

  it('rejects a field with two different values', async () => {
    const repeated = encodeMultipart([
      ['room_id', '1'],
      ['room_id', '2'],
    ])
    expect(await rejectionMessage(fromBody(multipartType, repeated))).toContain('room_id')
  })
})

describe('the boundary of a multipart body', () => {
  const readWithBoundary = (boundary: string) =>
    fromBody(
      `multipart/form-data; boundary=${boundary}`,
      `--${boundary}\r\ncontent-disposition: form-data; name=room_id\r\n\r\n7\r\n--${boundary}--`,
    )

  it('has at most 70 characters', async () => {
    expect(valuesOf(await readWithBoundary('b'.repeat(70)))).toEqual([['room_id', '7']])
    expect(await rejectionMessage(readWithBoundary('b'.repeat(71)))).toContain('multipart')
  })
})

describe('the message about a request that cannot be read', () => {
  it.each([
    [
      'a repeated name',
      formType,
      `${encodeURIComponent('n"\n'.repeat(100))}=1&${encodeURIComponent('n"\n'.repeat(100))}=2`,
    ],
    ['the content type', `text/${'n"'.repeat(100)}`, 'a=1'],
  ])('quotes the start of %s in one line', async (_, contentType, body) => {
    const message = (await rejectionMessage(fromBody(contentType, body))) ?? ''
    expect(message).toContain('n\\"')
    expect(message).not.toContain('\n')
    expect(message.length).toBeLessThan(300)
  })
})

describe('readParameters with a body that does not match its content type', () => {
  it.each([
    ['JSON in a form', formType, json],
    ['a JSON list in a form', formType, '[1]'],
    ['multipart in a form', formType, encodeMultipart(fields)],
    ['a form in JSON', jsonType, form],
    ['multipart in JSON', jsonType, encodeMultipart(fields)],
    ['an incomplete JSON object', jsonType, json.slice(0, -1)],
    ['two JSON objects', jsonType, `${json}${json}`],
    ['a form in multipart', multipartType, form],
    ['JSON in multipart', multipartType, json],
    ['multipart without its end', multipartType, encodeMultipart(fields).subarray(0, -20)],
    ['multipart with another boundary', 'multipart/form-data; boundary=other', encodeMultipart(fields)],
    ['multipart without a boundary', 'multipart/form-data', encodeMultipart(fields)],
    ['an unsupported content type', 'text/xml', '<event>join</event>'],
  ])('rejects %s', async (_, contentType, body) => {
    expect(await rejectionMessage(fromBody(contentType, body))).toEqual(expect.stringMatching(/./))
  })
})
