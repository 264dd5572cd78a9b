import { z } from 'zod'
import { type NorthboundEvent, type Parameters, parseEvent } from './events.ts'
import { parseJson } from './parse-json.ts'

const envelopeSchema = z.object({
  trace_id: z.string().min(1),
  /** Before the year 2100: a time beyond the range of dates would break every list that contains it. */
  received_at: z.int().nonnegative().max(4_102_444_800_000),
  source: z.enum(['callback', 'reconcile']),
  params: z.custom<Parameters>(isStringByName, 'must map names to strings'),
})

/** Replaces z.record, which drops a parameter named `__proto__`. */
function isStringByName(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.values(value).every((text) => typeof text === 'string')
}

/** Decodes a message that contains an event. @returns the event, or the reason why the message can never be one. */
export function decodeEnvelope(body: string): NorthboundEvent | string {
  const message = parseJson(body)
  return message === undefined ? 'the message is not JSON' : parseEnvelope(message)
}

/** @param message the parsed message. @returns the event, or the reason why the message can never be one. */
export function parseEnvelope(message: unknown): NorthboundEvent | string {
  const envelope = envelopeSchema.safeParse(message)
  if (!envelope.success)
    return `the message is not an event envelope: ${envelope.error.issues
      .map((issue) => `${issue.path.join('.')}: ${issue.message}`)
      .join('; ')}`
  const { params, ...metadata } = envelope.data
  if (!params.event) return 'the message is not an event envelope: params.event is missing'
  return parseEvent(metadata, params)
}
