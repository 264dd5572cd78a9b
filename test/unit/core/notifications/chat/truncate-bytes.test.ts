import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { truncateBytes } from '../../../../../core/notifications/chat/truncate-bytes.ts'

describe('truncateBytes', () => {
  it.each([
    ['abc', 3, 'abc'],
    ['abcdef', 5, 'ab…'],
    ['端口告警', 10, '端口…'],
    ['端口告警', 9, '端口…'],
    ['端口告警', 8, '端…'],
    ['a😀b', 6, 'a😀b'],
    ['a😀bc', 6, 'a…'],
    ['e\u0301e\u0301e\u0301', 7, 'e\u0301…'],
    ['👩\u200D💻👩\u200D💻', 20, '👩\u200D💻…'],
    ['🇨🇳🇨🇳', 15, '🇨🇳…'],
    ['""\\n', 7, '""\\n'],
    ['""\\n', 6, '"…'],
    ['\\\\\\\\', 7, '\\\\…'],
  ])('truncates %j to %d bytes', (text, maxBytes, expected) => {
    expect(truncateBytes(text, maxBytes, '…')).toBe(expected)
  })

  it('keeps a prefix of whole characters within the bytes for any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.integer({ min: 3, max: 400 }),
        (text, maxBytes) => {
          const truncated = truncateBytes(text, maxBytes, '…')
          expect(Buffer.byteLength(JSON.stringify(truncated)) - 2).toBeLessThanOrEqual(maxBytes)
          expect(truncated === text || text.startsWith(truncated.slice(0, -1))).toBe(true)
          expect(truncated.isWellFormed()).toBe(true)
        },
      ),
    )
  })
})
