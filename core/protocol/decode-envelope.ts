import { z } from 'zod'
import { findLongId, isLongId, maxIdBytes, maxParamsBytes } from './envelope.ts'
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
  const metadata = { ...envelope.data, trace_id: envelope.data.trace_id.toWellFormed() }
  const params = toWellFormed(envelope.data.params)
  if (!params.event) return 'the message is not an event envelope: params.event is missing'
  return findExcess(metadata.trace_id, params) ?? parseEvent(metadata, params)
}

/** No store accepts a lone surrogate. */
function toWellFormed(params: Parameters): Parameters {
  const entries = Object.entries(params)
  if (entries.every((entry) => entry.every((text) => text.isWellFormed()))) return params
  return Object.fromEntries(entries.map(([name, value]) => [name.toWellFormed(), value.toWellFormed()]))
}

/** States which limit an event exceeds; undefined if it can be stored. The receiver refuses such callbacks. */
function findExcess(traceId: string, params: Parameters): string | undefined {
  const longId = isLongId(traceId) ? 'trace_id' : findLongId(params)
  if (longId !== undefined) return `${longId} is longer than ${maxIdBytes} bytes`
  if (Buffer.byteLength(JSON.stringify(params)) <= maxParamsBytes) return undefined
  return `the parameters are longer than ${maxParamsBytes} bytes as JSON`
}
