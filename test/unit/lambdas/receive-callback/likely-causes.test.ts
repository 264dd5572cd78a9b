import { describe, expect, it } from 'vitest'
import { createReceiver, encodeQuery, join, key, sign } from './callbacks.ts'

const signed = sign(join)
const { check_code = '' } = signed
const encodeTwice = (text: string) => encodeURIComponent(encodeURIComponent(text))

describe('a refused callback names the likely cause', () => {
  it.each([
    ['an MD5', { ...join, check_code: 'a'.repeat(32) }, /32 hexadecimal digits, as of MD5.*HMAC-SHA256/],
    ['a SHA-1', { ...join, check_code: 'A'.repeat(40) }, /SHA-1/],
    ['a SHA-512', { ...join, check_code: 'a'.repeat(128) }, /SHA-512/],
    [
      'the base64 of an MD5',
      { ...join, check_code: Buffer.alloc(16, 7).toString('base64') },
      /24 characters, as the base64 of MD5/,
    ],
    ['the base64 of a SHA-1', { ...join, check_code: Buffer.alloc(20, 7).toString('base64') }, /SHA-1/],
    ['the base64 of a SHA-512', { ...join, check_code: Buffer.alloc(64, 7).toString('base64') }, /SHA-512/],
    [
      'the base64 of an MD5 in hex',
      { ...join, check_code: btoa('a'.repeat(32)) },
      /the base64 of 32 .* digits, as of MD5/,
    ],
    ['a code that is encoded twice', { ...join, check_code: 'abc%2B%3D' }, /9 characters and may be encoded twice/],
    ['a truncated code', { ...join, check_code: check_code.slice(1) }, /63 characters/],
    ['an additional parameter', { ...sign(join, 'other'), site: '3' }, /"site", which may come from the callback URL/],
    ['another key', sign(join, 'other'), /the key of the platform differs/],
    ['a changed value', { ...signed, user_id: '43' }, /or a value was changed on the way/],
  ])('for %s', async (_, params: Record<string, string>, msg) => {
    const { get } = createReceiver()
    const response = await get(params)
    expect(response).toMatchObject({ status: 401, body: { msg: expect.stringMatching(msg) } })
    expect(response.body.msg).toMatch(/^check_code is wrong: /)
  })

  it('for a value that is encoded twice', async () => {
    const params = sign({ ...join, user_name: '王' })
    const query = encodeQuery({ ...params, user_name: '' }).replace('user_name=', `user_name=${encodeTwice('王')}`)
    const { body } = await createReceiver().call({ query })
    expect(body.msg).toContain('"user_name" may be encoded twice')
  })

  it.each([
    ['in Big5', '%A4%FD%A4p%A9%FA'],
    ['in Latin-1', 'Jos%E9'],
  ])('for text %s whose character set is not declared', async (_, name) => {
    const query = `${encodeQuery(sign({ ...join, user_name: '王小明' })).replace(/user_name=[^&]*/, `user_name=${name}`)}`
    const { body } = await createReceiver().call({ query })
    expect(body.msg).toContain('"user_name" must be UTF-8, or in a character set that is declared')
  })

  it('for text that a gateway could not decode', async () => {
    const { body } = await createReceiver().get({ ...sign({ ...join, user_name: '王' }), user_name: '\uFFFD' })
    expect(body.msg).toContain('"user_name" may be damaged')
  })

  it('for a missing check_code', async () => {
    const { get } = createReceiver()
    expect((await get(join)).body.msg).toMatch(
      /^check_code is missing: the platform sends one only if a key is entered/,
    )
    expect((await get({ ...join, checkCode: check_code })).body.msg).toBe(
      'check_code is missing: "checkCode" is not its name',
    )
  })

  it('for a repeated parameter', async () => {
    const { body } = await createReceiver().call({ query: `room_id=9&${encodeQuery(signed)}` })
    expect(body.msg).toMatch(/^parameter "room_id" is repeated with different values: .* query of the callback URL/)
  })

  it('if no key is configured', async () => {
    const { body } = await createReceiver({ keys: [] }).get(signed)
    expect(body.msg).toContain('no key is configured')
  })

  it.each(['roomId', 'RoomID', 'room-id', 'rom_id', 'room_i', 'room_id1', 'room_ie'])(
    'for an identifying parameter named %s',
    async (name) => {
      const { room_id, ...others } = join
      const { body } = await createReceiver().get(sign({ ...others, [name]: room_id }))
      expect(body.msg).toBe(`parameter "room_id" is missing; "${name}" is not its name`)
    },
  )

  it('only for a parameter that is similar', async () => {
    const { room_id, ...others } = join
    const { body } = await createReceiver().get(sign({ ...others, site: room_id, rooms: '1', oomid: '2' }))
    expect(body.msg).toBe('parameter "room_id" is missing; "oomid" is not its name')
    expect((await createReceiver().get(sign({ ...others, rooms: '1' }))).body.msg).toBe(
      'parameter "room_id" is missing',
    )
  })

  it.each<[text: string, type: string, body: string, msg: RegExp]>([
    [
      'JSON as a form',
      'application/x-www-form-urlencoded',
      '{"event":"open"}',
      /looks like JSON: send application\/json/,
    ],
    ['a JSON list', 'text/plain', '[{"event":"open"}]', /a JSON list: send an object of parameters/],
    [
      'multipart as text',
      'text/plain',
      '--B\r\nContent-Disposition: form-data; name="a"\r\n',
      /send multipart\/form-data/,
    ],
    ['a form as JSON', 'application/json', 'event=open&room_id=R', /not valid JSON, but looks like a form/],
    ['damaged JSON as text', 'text/plain', '{"event":"open",}', /^the body is not valid JSON$/],
  ])('for a body with %s', async (_, type, body, msg) => {
    const response = await createReceiver().call({ method: 'POST', headers: { 'content-type': type }, body })
    expect(response).toMatchObject({ status: 400, body: { msg: expect.stringMatching(msg) } })
  })

  it('for an identifying parameter without a value', async () => {
    const { body } = await createReceiver().get(sign({ ...join, room_id: '' }))
    expect(body.msg).toBe('parameter "room_id" is missing; it has no value')
  })

  it('without the values, the signed text or the key', async () => {
    const names = Array.from({ length: 50 }, (_, index) => [`name-${index}-${'x'.repeat(100)}`, 'secret-value'])
    const { body } = await createReceiver().get({ ...signed, user_id: 'secret-value', ...Object.fromEntries(names) })
    for (const secret of ['secret-value', join.trace_id, key]) expect(body.msg).not.toContain(secret)
    expect(body.msg.length).toBeLessThan(600)
  })
})

describe('the readings other than the usual one', () => {
  it('are counted by name', async () => {
    const { call, get, otherReadings, counted } = createReceiver()
    await get(signed)
    expect(otherReadings).toEqual([])
    await get({ ...signed, site: '3' })
    const params = { ...join, user_id: '+86' }
    await call({ query: encodeQuery(sign(params)).replace('%2B', '+') })
    await call({ query: `site=3&${encodeQuery(sign(params)).replace('%2B', '+')}` })
    expect(otherReadings).toEqual([
      'form_decoded_documented_only',
      'percent_decoded',
      'percent_decoded_documented_only',
    ])
    expect(counted).toEqual(Array.from({ length: 4 }, () => 'accepted'))
  })
})
