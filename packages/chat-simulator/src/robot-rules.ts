import type { RateLimit } from './sliding-window.ts'

export type RobotSettings = {
  /** The robot accepts only signed messages. Default: no signature. WeCom has none. */
  readonly secret?: string | undefined
  /** A message must contain one of them. Default: none. WeCom has none. */
  readonly keywords?: readonly string[]
  /** IP addresses that may post. Default: any. */
  readonly allowedAddresses?: readonly string[]
}

export type RobotRequest = {
  readonly query: URLSearchParams
  /** The body as sent. */
  readonly content: string
  /** The body if it is a JSON object, otherwise undefined. */
  readonly body: Readonly<Record<string, unknown>> | undefined
  readonly contentType: string
  readonly address: string
  /** ms since 1970. */
  readonly now: number
}

/** What a robot responds, always with HTTP 200. */
export type RobotReply = Readonly<Record<string, unknown>>

/** Why a service refuses or delays a message, whatever the message is. */
export type RefusalCause = 'removed' | 'disabled' | 'busy'

/** How one of the services checks a message, and what it responds. */
export interface RobotRules {
  /** The path and query of a robot's address. */
  addressOf(token: string): string
  /** The token in an address; undefined if the path is another. */
  tokenOf(url: URL): string | undefined
  readonly limits: readonly RateLimit[]
  readonly accepted: RobotReply
  readonly unknownToken: RobotReply
  refusal(cause: RefusalCause): RobotReply
  /** @param limit index of the exceeded limit. */
  throttled(limit: number): RobotReply
  /** Checks a message. @returns its text, or the reply that refuses it. */
  check(request: RobotRequest, settings: RobotSettings): { readonly text: string } | { readonly reply: RobotReply }
}

export function isAddressAllowed({ address }: RobotRequest, { allowedAddresses }: RobotSettings): boolean {
  return allowedAddresses === undefined || allowedAddresses.includes(address)
}

export function hasKeyword(text: string, { keywords }: RobotSettings): boolean {
  return keywords === undefined || keywords.length === 0 || keywords.some((keyword) => text.includes(keyword))
}

/** The text at a path of members, or undefined. */
export function textAt(value: unknown, ...path: readonly string[]): string | undefined {
  let current = value
  for (const name of path) {
    if (typeof current !== 'object' || current === null) return undefined
    current = Object.entries(current).find(([key]) => key === name)?.[1]
  }
  return typeof current === 'string' ? current : undefined
}
