import { language } from './language.ts'
import { boardTexts } from './texts/board.ts'
import { healthTexts } from './texts/health.ts'
import { layoutTexts } from './texts/layout.ts'
import { peopleTexts } from './texts/people.ts'
import { refusalTexts } from './texts/refusals.ts'
import { roomTexts } from './texts/room.ts'
import { tableTexts } from './texts/tables.ts'
import { usageTexts } from './texts/usage.ts'

/** All texts of the console, in Chinese and English. */
const texts = {
  ...layoutTexts,
  ...boardTexts,
  ...roomTexts,
  ...tableTexts,
  ...healthTexts,
  ...refusalTexts,
  ...usageTexts,
  ...peopleTexts,
}

export type TextKey = keyof typeof texts

/** The parts of a text: what is fixed, and the names of the values between. */
export function splitTranslation(key: TextKey): (string | { readonly name: string })[] {
  return translate(key)
    .split(/(\{\w+\})/)
    .map((part) => (/^\{\w+\}$/.test(part) ? { name: part.slice(1, -1) } : part))
}

/** @param values replace `{name}` in the text. */
export function translate(key: TextKey, values: Readonly<Record<string, string | number>> = {}): string {
  const text: string = texts[key][language.value === 'zh' ? 0 : 1]
  return text.replace(/\{(\w+)\}/g, (placeholder, name: string) => String(values[name] ?? placeholder))
}
