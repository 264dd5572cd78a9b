import { CommanderError } from '@commander-js/extra-typings'
import { CliError } from './cli-error.ts'
import type { Language } from './language.ts'

/** What the command-line library says, by its code. The parts between quotation marks are taken over. */
const commanderTexts: Readonly<Record<string, (parts: readonly string[], line: string) => string>> = {
  'commander.unknownOption': ([option]) => `未知选项 ${option}`,
  'commander.unknownCommand': ([command]) => `未知命令 ${command}`,
  'commander.missingArgument': ([argument]) => `缺少参数 ${argument}`,
  'commander.optionMissingArgument': ([option]) => `选项 ${option} 缺少值`,
  'commander.missingMandatoryOptionValue': ([option]) => `缺少必需的选项 ${option}`,
  'commander.invalidArgument': ([option, value], line) => `选项 ${option} 的值“${value}”无效${listChoices(line)}`,
  'commander.excessArguments': () => '参数过多',
  'commander.conflictingOption': ([one, other]) => `选项 ${one} 与 ${other} 不能同时使用`,
}

/** Describes an error in one line. */
export function describeError(error: unknown, language: Language): string {
  if (error instanceof CliError) return error.text[language]
  const line = firstLine(error instanceof Error ? error.message || error.name : String(error))
  if (!(error instanceof CommanderError)) return line
  const parts = [...line.matchAll(/'([^']*)'/g)].map(([, part = '']) => part)
  const translate = language === 'zh' ? commanderTexts[error.code] : undefined
  const hint = language === 'zh' ? '（见 --help）' : ' (see --help)'
  return `${translate?.(parts, line) ?? line.replace(/^error: /, '')}${describeSimilar(error, language)}${hint}`
}

/** The names that the command-line library suggests, which it writes on a second line. */
function describeSimilar({ message }: CommanderError, language: Language): string {
  const [, names] = /\(Did you mean (?:one of )?(.*)\?\)/.exec(message) ?? []
  if (names === undefined) return ''
  return language === 'zh' ? `，是否想用 ${names.replaceAll(', ', '、')}？` : `, did you mean ${names}?`
}

function listChoices(line: string): string {
  const [, choices] = /Allowed choices are (.*)\.$/.exec(line) ?? []
  return choices === undefined ? '' : `，可选 ${choices.replaceAll(', ', '、')}`
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}
