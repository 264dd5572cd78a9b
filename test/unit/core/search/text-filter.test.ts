import { describe, expect, it } from 'vitest'
import { createTextFilter, isSearchable } from '../../../../core/search/text-filter.ts'

describe('createTextFilter', () => {
  it('finds a part of any of the texts, whatever the case and the width of the characters', () => {
    const matches = createTextFilter('Äb１')
    expect(matches('xÄB1y')).toBe(true)
    expect(matches('x', 'äb1')).toBe(true)
    expect(matches('ab1', null, undefined)).toBe(false)
    expect(createTextFilter(undefined)(null)).toBe(true)
  })

  it.each([
    ['ΑΣ', 'ΑΣΣ'],
    ['strasse', 'Straße'],
    ['STRAẞE', 'Strasse'],
    ['İz', 'İZMİR'],
    ['Zoe\u0308', 'Zoë'],
    ['  王伟 ', '王伟'],
    ['王　伟', '王 伟'],
    ['王 伟', '王 \t伟'],
    ['王  伟', '王 伟'],
    ['\u202A王伟\u202C', '王伟'],
    ['王伟', '王\u200B伟'],
    ['ﬁ', 'FI'],
    ['👨‍👩‍👧', '👨‍👩‍👧 A'],
  ])('finds %j in %j', (searched, text) => {
    expect(createTextFilter(searched)(text)).toBe(true)
  })

  it.each([
    ['zoe', 'Zoë'],
    ['王 伟', '王伟'],
    ['%', 'a'],
    ['.', 'a'],
  ])('does not find %j in %j', (searched, text) => {
    expect(createTextFilter(searched)(text)).toBe(false)
  })
})

describe('isSearchable', () => {
  it.each(['', ' ', '　', '\u200B', '\t\n'])('is false for %j', (text) => {
    expect(isSearchable(text)).toBe(false)
  })

  it.each(['a', ' a ', '.', '王'])('is true for %j', (text) => {
    expect(isSearchable(text)).toBe(true)
  })
})
