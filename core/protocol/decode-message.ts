import { type Command, isCommandMessage, parseCommand } from './command.ts'
import { parseEnvelope } from './decode-envelope.ts'
import type { NorthboundEvent } from './events.ts'
import { parseJson } from './parse-json.ts'

/** Decodes a message of the event queue. @returns the event or command, or the reason why the message can never be one. */
export function decodeMessage(body: string): NorthboundEvent | Command | string {
  const message = parseJson(body)
  if (message === undefined) return 'the message is not JSON'
  return isCommandMessage(message) ? parseCommand(message) : parseEnvelope(message)
}
