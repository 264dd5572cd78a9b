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
    expect(body.msg).toContain('"user_name" seems to be encoded twice')
  })

  it('for text that a gateway could not decode', async () => {
    const { body } = await createReceiver().get({ ...sign({ ...join, user_name: '王' }), user_name: '\uFFFD' })
    expect(body.msg).toContain('"user_name" is not text in UTF-8')
  })

  it('if no key is configured', async () => {
    const { body } = await createReceiver({ keys: [] }).get(signed)
    expect(body.msg).toContain('no key is configured')
  })

  it.each(['roomId', 'RoomID', 'room-id'])('for an identifying parameter named %s', async (name) => {
    const { room_id, ...others } = join
    const { body } = await createReceiver().get(sign({ ...others, [name]: room_id }))
    expect(body.msg).toBe(`parameter "room_id" is missing; "${name}" is not its name`)
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
