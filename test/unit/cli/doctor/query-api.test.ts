import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { CliError } from '../../../../cli/cli-error.ts'
import { parseAnswer } from '../../../../cli/doctor/query-api.ts'

const schema = z.object({ rooms: z.array(z.object({ room_id: z.string() })) })
const times = { serverTime: undefined, localTime: 0, duration: 0 }

describe('parseAnswer', () => {
  it('returns what the API says', () => {
    expect(parseAnswer({ ...times, status: 200, body: { rooms: [], more: 1 } }, schema)).toEqual({ rooms: [] })
  })

  it.each([
    ['an error', 503, { ret: 503 }, 'API 返回 503'],
    ['a page of another server', 200, undefined, '返回的内容与本版本的 API 不符'],
    ['an answer of another version', 200, { rooms: [{ id: 'R' }] }, '返回的内容与本版本的 API 不符'],
  ])('states %s in one sentence', (_, status, body, expected) => {
    const parse = () => parseAnswer({ ...times, status, body }, schema)
    expect(parse).toThrow(CliError)
    expect(parse).toThrow(
      expect.objectContaining({ text: expect.objectContaining({ zh: expect.stringContaining(expected) }) }),
    )
  })
})
