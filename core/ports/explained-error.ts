import type { Bilingual } from '../notifications/alert-text.ts'

/**
 * An error that operators are told about, in the language that they read. Neither text contains a secret. `message`, which logs show,
 * is the English text.
 */
export class ExplainedError extends Error {
  override name = 'ExplainedError'
  readonly text: Bilingual

  constructor(text: Bilingual) {
    super(text.english)
    this.text = text
  }
}

/** Joins several explanations into one. */
export function joinTexts(texts: readonly Bilingual[]): Bilingual {
  return {
    english: texts.map(({ english }) => english).join('; '),
    chinese: texts.map(({ chinese }) => chinese).join('；'),
  }
}
