import { describe, expect, it } from 'vitest'
import { isolate, splitInvisible } from '../../../console/elements/visible-text.ts'

describe('splitInvisible', () => {
  it('keeps a text without invisible characters, in any script and with emoji', () => {
    for (const text of ['王伟', 'שלום', '👩‍🏫 Ann', 'می‌خواهم']) expect(splitInvisible(text)).toEqual([{ text }])
    expect(splitInvisible('')).toEqual([])
  })

  it('shows control characters, direction marks and blanks without a width by their code', () => {
    expect(splitInvisible('a\u202eb\u0007')).toEqual([
      { text: 'a' },
      { code: 'U+202E' },
      { text: 'b' },
      { code: 'U+0007' },
    ])
    expect(splitInvisible('\u200b\ufeff\u2066')).toEqual([{ code: 'U+200B' }, { code: 'U+FEFF' }, { code: 'U+2066' }])
    expect(splitInvisible('\ud800\u00ad')).toEqual([{ code: 'U+D800' }, { code: 'U+00AD' }])
  })
})

describe('isolate', () => {
  it('puts a text from right to left between the isolating characters of Unicode, and shows its own ones by their code', () => {
    expect(isolate('שלום\u2069\u202e')).toBe('\u2068שלוםU+2069U+202E\u2069')
    expect(isolate('周会\u202e')).toBe('周会U+202E')
    expect(isolate('box-1 (a)')).toBe('box-1 (a)')
  })
})
