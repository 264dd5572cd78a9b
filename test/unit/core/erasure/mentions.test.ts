import { describe, expect, it } from 'vitest'
import { createMentionFinder } from '../../../../core/erasure/mentions.ts'

describe('createMentionFinder', () => {
  it.each([
    ['138', '{"file":"meeting-138.mp4"}', true],
    ['138', 'streams/138_video_1', true],
    ['138', '{"size":1380}', false],
    ['138', 'a138', false],
    ['小明', '王小明', false],
    ['a"b', JSON.stringify({ by: 'a"b' }), true],
    ['a"b', JSON.stringify({ options: JSON.stringify({ by: 'a"b' }) }), true],
    ['a b', 'https://files/a%20b.mp4', true],
    ['.*', 'anything', false],
    ['#', 'a#b', true],
    ['#a', 'b#a', true],
    ['a#', 'a#b', true],
    ['a"b', JSON.stringify({ file: 'meeting-a"b.mp4' }), true],
  ])('for the id %j in %j says %s', (id, text, expected) => {
    expect(createMentionFinder(id)(text)).toBe(expected)
  })
})
