import { type Command, isCommandMessage, parseCommand } from './command.ts'
import { parseEnvelope } from './decode-envelope.ts'
import { isUnverifiedMessage, parseUnverifiedCallback } from './decode-unverified-callback.ts'
import type { NorthboundEvent } from './events.ts'
import { parseJson } from './parse-json.ts'
import type { UnverifiedCallback } from './unverified-callback.ts'

/** What a message of the event queue holds. */
export type QueuedContent = NorthboundEvent | Command | UnverifiedCallback

/** Decodes a message of the event queue. @returns its content, or the reason why the message can never be processed. */
export function decodeMessage(body: string): QueuedContent | string {
  const message = parseJson(body)
  if (message === undefined) return 'the message is not JSON'
  if (isUnverifiedMessage(message)) return parseUnverifiedCallback(message)
  return isCommandMessage(message) ? parseCommand(message) : parseEnvelope(message)
}
