import { createHash } from 'node:crypto'
import type { ChatRobot, ChatService, SendResult } from '../../core/ports/chat-robots.ts'
import { dingtalk } from './dingtalk.ts'
import { feishu } from './feishu.ts'
import { PostError, postJson } from './post-json.ts'
import { interpretResponse, type RobotService } from './robot-service.ts'
import type { Webhook } from './webhook.ts'
import { wecom } from './wecom.ts'

export type RobotOptions = {
  /** ms for one post, if the caller's signal does not end it before. */
  readonly timeoutMs: number
  /** ms since 1970, for signatures. @default Date.now */
  readonly clock?: () => number
}

const services: Readonly<Record<ChatService, RobotService>> = { wecom, dingtalk, feishu }

/** Hexadecimal digits of the id. A token has over a hundred random bits, so its hash reveals nothing. */
const idLength = 12

const notPosted = { english: 'the message was not posted', chinese: '消息未能发出' }

export function createChatRobot(webhook: Webhook, { timeoutMs, clock = Date.now }: RobotOptions): ChatRobot {
  const service = services[webhook.service]
  return {
    id: createHash('sha256').update(webhook.url.href).digest('hex').slice(0, idLength),
    service: webhook.service,
    maxBytes: service.maxBytes,
    minIntervalMs: service.minIntervalMs,
    async send(text: string, signal: AbortSignal): Promise<SendResult> {
      const { url, body } = service.buildRequest(webhook, text, clock())
      try {
        const response = await postJson(url, body, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]))
        return interpretResponse(service, response)
      } catch (error) {
        // The message of any other error could contain the URL.
        return { outcome: 'failed', reason: error instanceof PostError ? error.text : notPosted }
      }
    },
  }
}
