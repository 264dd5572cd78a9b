import type { ChatLanguage } from '../../ports/chat-robots.ts'
import { truncate } from '../alert.ts'
import type { AlertText, Bilingual } from '../alert-text.ts'
import { type ChatAlert, type ChatContext, levelNames } from './chat-alert.ts'
import { toPlainText } from './plain-text.ts'

type Language = keyof Bilingual

const maxInstallationLength = 60

const words = {
  impact: { chinese: '影响：', english: 'Impact: ' },
  console: { chinese: '控制台：', english: 'Console: ' },
  runbook: { chinese: '处理方法：docs/runbook.zh-CN.md', english: 'What to do: docs/runbook.md' },
} as const satisfies Readonly<Record<string, Bilingual>>

export function languagesOf(language: ChatLanguage): readonly Language[] {
  if (language === 'both') return ['chinese', 'english']
  return [language === 'zh' ? 'chinese' : 'english']
}

/**
 * The first line of a message. `AVD` stands in every message: robots of DingTalk and Feishu may be set to accept only
 * messages with a keyword.
 */
export function renderTitle(mark: Bilingual, title: Bilingual, installation: string, language: Language): string {
  const name = truncate(toPlainText(installation), maxInstallationLength, '')
  return language === 'chinese'
    ? `【${mark.chinese}】AVD ${name}：${title.chinese}`
    : `[${mark.english}] AVD ${name}: ${title.english}`
}

/** Renders an alert in full, as plain text. */
export function renderAlert(alert: ChatAlert, language: ChatLanguage, context: ChatContext): string {
  const blocks = languagesOf(language).map((each) => renderBlock(alert, each, context))
  return [blocks.join('\n\n'), ...(alert.content === undefined ? [] : [alert.content])].join('\n')
}

function renderBlock({ level, text }: ChatAlert, language: Language, context: ChatContext): string {
  const { title, facts, impact, action } = text
  return [
    renderTitle(levelNames[level], title, context.installation, language),
    ...facts.map((fact) => fact[language]),
    ...(impact === undefined ? [] : [words.impact[language] + impact[language]]),
    ...(action === undefined ? [] : [action[language]]),
    ...renderLinks(text, language, context),
  ].join('\n')
}

function renderLinks({ runbookHeading }: AlertText, language: Language, context: ChatContext): string[] {
  return [
    ...(runbookHeading === undefined ? [] : [`${words.runbook[language]}#${runbookHeading}`]),
    ...renderConsoleLink(language, context),
  ]
}

export function renderConsoleLink(language: Language, { consoleUrl }: ChatContext): string[] {
  return consoleUrl === undefined ? [] : [`${words.console[language]}${consoleUrl}`]
}
