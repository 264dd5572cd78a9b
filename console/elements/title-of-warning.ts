import type { WarningCode } from '../api-types.ts'
import { language } from '../language.ts'
import { explanations } from './warning-explanations.ts'

/** What a warning is called in the language of the page. @returns undefined for a code of a newer API. */
export function titleOfWarning(code: WarningCode): string | undefined {
  if (!Object.hasOwn(explanations, code)) return undefined
  return explanations[code].title[language.value === 'zh' ? 'chinese' : 'english']
}
