import type { Bilingual } from '../notifications/alert-text.ts'

export type ChatService = 'wecom' | 'dingtalk' | 'feishu'

/** The language of the messages; `both`: Chinese, then English. */
export type ChatLanguage = 'zh' | 'en' | 'both'

/** A group robot of WeCom, DingTalk or Feishu (docs/contract.md, section 7). */
export interface ChatRobot {
  /** A stable short hash of the URL. It reveals no part of the URL. */
  readonly id: string
  readonly service: ChatService
  /** UTF-8 bytes that one message may hold, as the content of a JSON string. */
  readonly maxBytes: number
  /** ms between two messages that keep the robot below its limits. */
  readonly minIntervalMs: number
  /** Posts one message. Never throws. */
  send(text: string, signal: AbortSignal): Promise<SendResult>
}

export type SendResult =
  | { readonly outcome: 'sent' }
  /** The robot received too many messages: nothing may be sent for `retryAfterMs`. */
  | { readonly outcome: 'throttled'; readonly retryAfterMs: number }
  /**
   * The robot does not accept messages until its settings or the secret are changed: a wrong token or signature, a
   * missing keyword, an address that is not allowed, a removed robot. `reason` contains no part of the URL or the secret.
   */
  | { readonly outcome: 'refused'; readonly reason: Bilingual }
  /** No usable response: a network or TLS error, a timeout, a status of 500 or more, a firewall's page. Worth a retry. */
  | { readonly outcome: 'failed'; readonly reason: Bilingual }

/** What the chat secret configures. */
export type ChatConfiguration = {
  readonly robots: readonly ChatRobot[]
  readonly language: ChatLanguage
  /** Entries that cannot be used, in words without any part of the secret. The other entries work. */
  readonly problems: readonly Bilingual[]
}
