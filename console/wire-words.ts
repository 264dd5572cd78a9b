import { language } from './language.ts'
import { type Vocabulary, vocabularies } from './wire-vocabularies.ts'

/** Names a value of the API in the language of the page. A value without a name is returned as it is. */
export function nameOf(vocabulary: Vocabulary, value: string): string {
  const words: Readonly<Record<string, readonly [string, string]>> = vocabularies[vocabulary]
  const word = Object.hasOwn(words, value) ? words[value] : undefined
  return word?.[language.value === 'zh' ? 0 : 1] ?? value
}
