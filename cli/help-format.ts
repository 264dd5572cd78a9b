import type { HelpConfiguration, Option } from '@commander-js/extra-typings'
import type { Language } from './language.ts'

/** The titles of a help text, as the command-line library writes them. */
const titlesInChinese: Readonly<Record<string, string>> = {
  'Usage:': '用法：',
  'Arguments:': '参数：',
  'Options:': '选项：',
  'Commands:': '命令：',
}

/** How the command-line library writes help texts. */
export function helpFormat(language: Language): HelpConfiguration {
  if (language === 'en') return {}
  return { styleTitle: (title) => titlesInChinese[title] ?? title, optionDescription: describeOption }
}

function describeOption({ description, argChoices, defaultValue }: Option): string {
  const notes = [
    ...(argChoices === undefined ? [] : [`可选 ${argChoices.join('、')}`]),
    ...(defaultValue === undefined ? [] : [`默认 ${String(defaultValue)}`]),
  ]
  return notes.length === 0 ? description : `${description}（${notes.join('；')}）`
}
