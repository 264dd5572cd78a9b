import type { Bilingual } from '../../core/notifications/alert-text.ts'
import type { SendResult } from '../../core/ports/chat-robots.ts'
import type { ServiceResponse } from './post-json.ts'
import type { Webhook } from './webhook.ts'

/** How one of the services is addressed, and what its responses mean. */
export interface RobotService {
  readonly maxBytes: number
  readonly minIntervalMs: number
  /** How long a robot that received too many messages is left alone, unless the response says so. */
  readonly pauseMs: number
  /** @param now ms since 1970: the time of the signature. */
  buildRequest(webhook: Webhook, text: string, now: number): { readonly url: URL; readonly body: unknown }
  /** The code of a response; undefined if it has none. Zero: the message was accepted. */
  codeOf(fields: ServiceResponse['fields']): number | undefined
  /** What the code of a response means. Codes that are not listed are refusals. */
  readonly meanings: ReadonlyMap<number, CodeMeaning>
  /** Recognises what `codeOf` and `meanings` do not express; undefined if there is nothing of that kind. */
  interpretSpecial?(fields: ServiceResponse['fields']): SendResult | undefined
}

export type CodeMeaning =
  | { readonly kind: 'throttled'; readonly pauseMs?: number }
  | { readonly kind: 'refused'; readonly reason: Bilingual }
  | { readonly kind: 'failed'; readonly reason: Bilingual }

export function refused(english: string, chinese: string): CodeMeaning {
  return { kind: 'refused', reason: { english, chinese } }
}

export function failed(english: string, chinese: string): CodeMeaning {
  return { kind: 'failed', reason: { english, chinese } }
}

const maxPauseMs = 3_600_000

/**
 * Determines the result of a post. All three services refuse with HTTP 200, so the code in the body decides; a response
 * without a code is not the robot's, but that of a proxy or a firewall.
 */
export function interpretResponse(service: RobotService, response: ServiceResponse): SendResult {
  const { status, fields } = response
  if (status >= 500) return { outcome: 'failed', reason: { english: `HTTP ${status}`, chinese: `HTTP ${status}` } }
  const code = service.codeOf(fields)
  const isOk = status >= 200 && status < 300
  if (code === 0 && isOk) return { outcome: 'sent' }
  const special = service.interpretSpecial?.(fields)
  if (special !== undefined) return special
  const meaning = code === undefined ? undefined : service.meanings.get(code)
  if (meaning?.kind === 'throttled' || status === 429)
    return { outcome: 'throttled', retryAfterMs: statedPauseMs(response) ?? meaningPauseMs(meaning) ?? service.pauseMs }
  if (code === undefined || code === 0) return { outcome: 'failed', reason: withoutCode(status) }
  if (meaning === undefined) return { outcome: 'refused', reason: unknownCode(code) }
  return { outcome: meaning.kind, reason: withCode(meaning.reason, code) }
}

function withoutCode(status: number): Bilingual {
  return { english: `HTTP ${status} without a response code`, chinese: `HTTP ${status}，响应中没有代码` }
}

function unknownCode(code: number): Bilingual {
  return { english: `the service responded with code ${code}`, chinese: `服务返回代码 ${code}` }
}

function withCode({ english, chinese }: Bilingual, code: number): Bilingual {
  return { english: `${english} (code ${code})`, chinese: `${chinese}（代码 ${code}）` }
}

function meaningPauseMs(meaning: CodeMeaning | undefined): number | undefined {
  return meaning?.kind === 'throttled' ? meaning.pauseMs : undefined
}

/** Reads `Retry-After`, or Feishu's header of the same meaning. Both are in seconds. */
function statedPauseMs({ headers }: ServiceResponse): number | undefined {
  const stated = headers['retry-after'] ?? headers['x-ogw-ratelimit-reset']
  const seconds = typeof stated === 'string' && /^\d{1,9}$/.test(stated) ? Number(stated) : 0
  return seconds > 0 ? Math.min(seconds * 1000, maxPauseMs) : undefined
}

/** A code is a number; some proxies turn it into a text. */
export function readCode(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? value : undefined
  return typeof value === 'string' && /^-?\d{1,12}$/.test(value) ? Number(value) : undefined
}
