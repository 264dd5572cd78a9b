import { describe, expect, it } from 'vitest'
import { parseResponse } from '../../../console/exact-numbers.ts'

describe('parseResponse', () => {
  it.each(['{"files":[{"file_id":1812345678901234567}]}', '{"files":{"size": 1e400,"rate":0.12345678901234567890}}'])(
    'keeps the digits of numbers: %s',
    (text) => {
      expect(JSON.stringify(parseResponse(text))).toBe(text.replaceAll(' ', ''))
    },
  )

  it('returns all other values as JSON.parse does', () => {
    const text = '{"items":[{"user_id":"1812345678901234567","present":3,"seconds":1.5}],"cursor":null}'
    expect(parseResponse(text)).toEqual(JSON.parse(text))
  })
})
