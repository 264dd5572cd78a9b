import { expect } from 'vitest'
import type { Bilingual } from '../../core/notifications/alert-text.ts'

/** Words of English sentences. Names of fields, error codes and what another system said may stand in a Chinese text. */
const englishWords = /\b(?:the|a|an|is|are|was|has|have|but|no|not|and|of|with|without|cannot)\b/i

/** Expects a Chinese text without English sentences. */
export function expectChinese({ chinese }: Bilingual): void {
  expect(chinese).toMatch(/\p{Script=Han}/u)
  expect(chinese).not.toMatch(englishWords)
}
