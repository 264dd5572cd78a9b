import type { EventMetadata, Parameters } from './events.ts'
import type { Parameter } from './parameters.ts'

/** A message of the event queue: one event as received, with its metadata. */
export type Envelope = EventMetadata & {
  readonly params: Parameters
}

/**
 * JSON that SQS and SNS take as a message.
 *
 * They take only some characters. JSON escapes the control characters by itself; the rest of what they, or a stand-in
 * for them, may refuse (both halves of a surrogate pair, and the two that are no characters) is escaped here.
 */
export function encodeMessage(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\uD800-\uDFFF\uFFFE\uFFFF]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16)}`,
  )
}

export function encodeEnvelope(envelope: Envelope): string {
  return encodeMessage(envelope)
}

/**
 * The parameters that may be kept: the `check_code` has done its work, a `token` is somebody's credential.
 * Neither may appear in an answer, a log or an alert (contract, section 6).
 *
 * A parameter without a name says nothing. Half of a surrogate pair is no text and no store takes it.
 */
export function selectStoredParameters(parameters: readonly Pick<Parameter, 'name' | 'value'>[]): Parameters {
  const kept: [name: string, value: string][] = []
  for (const { name, value } of parameters) {
    // Names as the platform spells them, or as anybody may: a secret is one in capitals as well.
    const word = name.toLowerCase()
    if (word === 'check_code' || word === '') continue
    kept.push([name.toWellFormed(), word === 'token' ? '[redacted]' : value.toWellFormed()])
  }
  // Not assigned one by one: that would lose one named `__proto__`.
  return Object.fromEntries(kept)
}
