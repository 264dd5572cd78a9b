import type { AlertText, Bilingual } from '../alert-text.ts'

/** How urgent a message is; its first word. */
export type ChatLevel = 'alert' | 'clear' | 'notice'

export const levelNames: Readonly<Record<ChatLevel, Bilingual>> = {
  alert: { chinese: '告警', english: 'Alert' },
  clear: { chinese: '恢复', english: 'Recovered' },
  notice: { chinese: '通知', english: 'Notice' },
}

/** A message of the alert topic, as it is understood for a chat. */
export type ChatAlert = {
  readonly level: ChatLevel
  readonly text: AlertText
  /** ms since 1970: when it happened, or when it was published. */
  readonly at: number
  /** A text that is shown as it is, once: what the topic sent if it is not understood. */
  readonly content?: string
}

/** Where a message comes from, and where its links lead. */
export type ChatContext = {
  readonly installation: string
  /** IANA time zone of the readers. */
  readonly timeZone: string
  readonly consoleUrl?: string | undefined
}

/** A message as the alert topic delivered it. */
export type TopicMessage = {
  readonly body: string
  /** ms since 1970. */
  readonly publishedAt: number
}
