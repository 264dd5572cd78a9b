import { describe, expect, it } from 'vitest'
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

  it('decodes the charset that the content type names', async () => {
    const gbk = Buffer.concat([Buffer.from('{"user_name":"'), Buffer.from([0xcd, 0xf5]), Buffer.from('"}')])
    expect(valuesOf(await fromBody(`${jsonType}; charset=gbk`, gbk))).toEqual([['user_name', '王']])
    const latin1 = Buffer.from('{"user_name":"é"}', 'latin1')
    expect(valuesOf(await fromBody(`${jsonType}; charset=iso-8859-1`, latin1))).toEqual([['user_name', 'é']])
  })

  it('ignores the body of a GET', async () => {
    const body = Buffer.from('event=close')
    const request = { method: 'GET', rawQueryString: 'event=open', contentType: formType, body }
    expect(valuesOf(await readParameters(request))).toEqual([['event', 'open']])
  })

  it('keeps malformed percent-encoding in a form as sent', async () => {
    expect(await fromBody(formType, 'user_name=50%&x=%ff')).toEqual([
      { name: 'user_name', value: '50%', sent: '50%' },
      { name: 'x', value: '%ff', sent: '%ff' },
    ])
  })
})

describe('readParameters with a multipart body', () => {
  it('does not decode percent signs, plus signs, line ends or quotes in values', async () => {
    const value = 'a%20b+c\r\n"d"\n--e é🎥'
    expect(await fromBody(multipartType, encodeMultipart([['a', value]]))).toEqual([{ name: 'a', value, sent: value }])
  })

  it('reads a value that is sent as a file', async () => {
    const head = 'content-disposition: form-data; name="options"; filename="options.json"\r\ncontent-type: text/plain'
    const body = `--${boundary}\r\n${head}\r\n\r\n[{"type":"tcp"}]\r\n--${boundary}--\r\n`
    expect(valuesOf(await fromBody(multipartType, body))).toEqual([['options', '[{"type":"tcp"}]']])
  })

  it('rejects a repeated field', async () => {
    const repeated = encodeMultipart([
      ['room_id', '1'],
      ['room_id', '2'],
    ])
    expect(await rejectionMessage(fromBody(multipartType, repeated))).toContain('room_id')
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
    ['bytes that are not UTF-8 in JSON', jsonType, Buffer.from('{"a":"é"}', 'latin1')],
    ['bytes that are not UTF-8 in a form', formType, Buffer.from('a=é', 'latin1')],
    ['an unknown charset', `${jsonType}; charset=klingon`, json],
    ['an unsupported content type', 'text/xml', '<event>join</event>'],
  ])('rejects %s', async (_, contentType, body) => {
    expect(await rejectionMessage(fromBody(contentType, body))).toEqual(expect.stringMatching(/./))
  })
})
