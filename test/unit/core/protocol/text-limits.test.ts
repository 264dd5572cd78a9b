import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseEvent } from '../../../../core/protocol/events.ts'
import { shortenId, truncateText } from '../../../../core/protocol/text-limits.ts'
import { anyText } from '../../../support/any-text.ts'

const jsonBytes = (text: string) => Buffer.byteLength(JSON.stringify(text)) - 2

describe('truncateText', () => {
  it('keeps a text of the maximum length', () => {
    expect(truncateText('12345', 5)).toBe('12345')
    expect(truncateText('123456', 5)).toBe('12345')
  })

  it('cuts no character in two', () => {
    expect(truncateText('王小明', 8)).toBe('王小')
    expect(truncateText('a🙂b', 4)).toBe('a')
  })

  it('counts the escapes of control characters', () => {
    expect(truncateText('\u0001\u0001', 11)).toBe('\u0001')
  })

  it('returns a beginning of any text that fits', () => {
    fc.assert(
      fc.property(anyText(), fc.nat(40), (text, maxBytes) => {
        const truncated = truncateText(text, maxBytes)
        expect(jsonBytes(truncated)).toBeLessThanOrEqual(maxBytes)
        expect(text.toWellFormed().startsWith(truncated)).toBe(true)
      }),
    )
  })
})

describe('shortenId', () => {
  it('keeps an id of the maximum length', () => {
    expect(shortenId('x'.repeat(64), 64)).toBe('x'.repeat(64))
  })

  it('shortens longer ids with the same beginning to different ids', () => {
    const [one, other] = ['1', '2'].map((end) => shortenId('x'.repeat(64) + end, 64))
    expect(one).toMatch(/^x{52}~[\w-]{11}$/)
    expect(one).not.toBe(other)
  })
})

describe('parseEvent', () => {
  const params = {
    event: 'publish',
    room_id: 'R',
    user_id: 'U',
    user_name: '王'.repeat(1000),
    endpoint_type: 'toaster'.repeat(100),
    stream_id: 's'.repeat(4000),
    stream_type: 'video',
    resolution: '1280x720'.repeat(100),
  }
  const event = parseEvent({ trace_id: 't', received_at: 1, source: 'callback' }, params)

  it('limits the texts of a participant in the data, so that they fit into the state', () => {
    expect(event.data).toMatchObject({
      user_name: '王'.repeat(85),
      endpoint_type: expect.stringMatching(/^(toaster){9}t$/),
      stream_id: expect.stringMatching(/^s{52}~/),
      resolution: '1280x720'.repeat(4),
    })
  })

  it('keeps the whole texts in the parameters', () => {
    expect(event.params).toEqual(params)
  })
})
