import { z } from 'zod'
import { type NorthboundEvent, type Parameters, parseEvent } from './events.ts'

const envelopeSchema = z.object({
  trace_id: z.string().min(1),
  /** Up to the year 2100: a time that no clock can show would break every list it is in. */
  received_at: z.int().nonnegative().max(4_102_444_800_000),
  source: z.enum(['callback', 'reconcile']),
  params: z.custom<Parameters>(isTextByName, 'must be texts by name'),
})

/** Not z.record: it drops a parameter named `__proto__`. */
function isTextByName(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.values(value).every((text) => typeof text === 'string')
}

/** Reads a queue message; a string says why it can never be an event. */
export function decodeEnvelope(body: string): NorthboundEvent | string {
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch {
    return 'the message is not JSON'
  }
  const envelope = envelopeSchema.safeParse(parsed)
  if (!envelope.success)
    return `the message is not an event envelope: ${envelope.error.issues
      .map((issue) => `${issue.path.join('.')}: ${issue.message}`)
      .join('; ')}`
  const { params, ...head } = envelope.data
  if (!params.event) return 'the message is not an event envelope: params.event is missing'
  return parseEvent(head, params)
}
