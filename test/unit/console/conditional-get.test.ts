import { beforeEach, describe, expect, it } from 'vitest'
import { forgetBodies, getConditionally } from '../../../console/conditional-get.ts'

type SentHeaders = Readonly<Record<string, string>>

const sendOk = (body: unknown, etag: string) => async () => Response.json(body, { headers: { etag } })
const sendUnchanged = async () => new Response(null, { status: 304 })

describe('getConditionally', () => {
  beforeEach(() => forgetBodies())

  it('returns the known body if it has not changed', async () => {
    expect(await getConditionally('/rooms', sendOk({ items: [1] }, '"a"'))).toEqual({ items: [1] })
    const sent: SentHeaders[] = []
    const body = await getConditionally('/rooms', (headers) => {
      sent.push(headers)
      return sendUnchanged()
    })
    expect(body).toEqual({ items: [1] })
    expect(sent).toEqual([{ 'if-none-match': '"a"' }])
  })

  it('returns the new body if it has changed, and sends its tag next', async () => {
    await getConditionally('/rooms', sendOk(1, '"a"'))
    expect(await getConditionally('/rooms', sendOk(2, '"b"'))).toBe(2)
    await getConditionally('/rooms', (headers) => {
      expect(headers).toEqual({ 'if-none-match': '"b"' })
      return sendUnchanged()
    })
  })

  it('sends no tag for an unknown path, or after all bodies were forgotten', async () => {
    await getConditionally('/rooms', sendOk(1, '"a"'))
    const sent: SentHeaders[] = []
    const record = (headers: SentHeaders) => {
      sent.push(headers)
      return sendOk(2, '"b"')()
    }
    await getConditionally('/stats', record)
    forgetBodies()
    await getConditionally('/rooms', record)
    expect(sent).toEqual([{}, {}])
  })

  it('does not remember a body that arrives after all bodies were forgotten', async () => {
    await getConditionally('/rooms', async () => {
      forgetBodies()
      return sendOk(1, '"a"')()
    })
    await getConditionally('/rooms', (headers) => {
      expect(headers).toEqual({})
      return sendOk(2, '"b"')()
    })
  })

  it('returns the known body although many other bodies arrive before the response', async () => {
    await getConditionally('/rooms', sendOk('list', '"a"'))
    const body = await getConditionally('/rooms', async () => {
      for (let room = 0; room < 100; room++) await getConditionally(`/room?${room}`, sendOk(room, `"${room}"`))
      return sendUnchanged()
    })
    expect(body).toBe('list')
  })

  it('keeps a body that is used again and again, and forgets the one that was used longest ago', async () => {
    await getConditionally('/rooms', sendOk('list', '"a"'))
    for (let room = 0; room < 100; room++) {
      await getConditionally(`/room?${room}`, sendOk(room, `"${room}"`))
      expect(await getConditionally('/rooms', sendUnchanged)).toBe('list')
    }
    await getConditionally('/room?0', (headers) => {
      expect(headers).toEqual({})
      return sendOk(0, '"0"')()
    })
  })
})
