import { z } from 'zod'
import type { StatefulAggregateId } from '../state/aggregate.ts'
import { encodeMessage, maxIdBytes } from './envelope.ts'

/** A message of the event queue that is not an event: apply-events folds the aggregate again from the log. */
export type Command = { readonly command: 'rebuild'; readonly aggregate: StatefulAggregateId }

/** The recordings without an exporter have an empty id. An id of `maxIdBytes` has at most as many characters. */
const anyId = z
  .string()
  .max(maxIdBytes)
  .refine((text) => text.isWellFormed(), 'must be well-formed')
const id = anyId.min(1)

const aggregateSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('room'), room_id: id }),
  z.strictObject({ kind: z.literal('participant'), room_id: id, user_id: id }),
  z.strictObject({ kind: z.literal('recording'), room_id: id, recording_id: anyId }),
  z.strictObject({ kind: z.literal('box'), box_code: id }),
])

/** Strict: a message with any other member is not a command. */
const commandSchema = z.strictObject({ command: z.literal('rebuild'), aggregate: aggregateSchema })

export function encodeCommand({ command, aggregate }: Command): string {
  return encodeMessage({ command, aggregate })
}

/** Whether a parsed message is meant as a command. An envelope has `params`, and whatever a callback sends is inside them. */
export function isCommandMessage(message: unknown): boolean {
  if (typeof message !== 'object' || message === null) return false
  return Object.hasOwn(message, 'command') && !Object.hasOwn(message, 'params')
}

/** @returns the command, or the reason why the parsed message is not a command. */
export function parseCommand(message: unknown): Command | string {
  const command = commandSchema.safeParse(message)
  return command.success ? command.data : `the message is not a command: ${z.prettifyError(command.error)}`
}
