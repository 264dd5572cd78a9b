import type { Parameter } from './callback-request.ts'
import type { EventMetadata, Parameters } from './events.ts'
import { redactedValue } from './redaction.ts'

/** A message of the event queue: one event as received, with its metadata (docs/contract.md, section 2). */
export type Envelope = EventMetadata & { readonly params: Parameters }

/** Bytes. Ids are part of the state and of keys. */
export const maxIdBytes = 4096
const idParameters = ['trace_id', 'room_id', 'user_id', 'stream_id', 'box_code', 'exporter_id', 'start_time']

/** Bytes of the parameters as JSON. The event must fit into an item of the event log, which can hold 400 KB. */
export const maxParamsBytes = 350_000

/** Returns the name of the first id that is longer than `maxIdBytes`; undefined if all ids are short enough. */
export function findLongId(params: Parameters): string | undefined {
  return idParameters.find((name) => isLongId(params[name] ?? ''))
}

export function isLongId(id: string): boolean {
  return id.length * maxBytesPerUnit > maxIdBytes && Buffer.byteLength(id) > maxIdBytes
}

/** Characters. Shorter texts are no `check_code`, and may occur in names by chance. */
const minCodeLength = 32

/** UTF-8 needs at most this many bytes for one UTF-16 code unit. */
const maxBytesPerUnit = 3

/**
 * Encodes a value as JSON that SQS and SNS accept as a message.
 *
 * Both reject some characters. JSON itself escapes control characters; this function also escapes surrogates and the two
 * noncharacters, which either service, or an emulation of it, may reject.
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
 * Selects the parameters that are stored. `check_code` is dropped and the value of `token` is redacted, because neither
 * may appear in a response, a log or an alert (docs/contract.md, section 6). A parameter without a name is dropped, and so is
 * one whose name contains the code: the signature does not cover names.
 */
export function selectStoredParameters(parameters: readonly Parameter[]): Parameters {
  const code = parameters.find(({ name }) => name === 'check_code')?.value ?? ''
  const containsCode = (name: string) => code.length >= minCodeLength && name.includes(code)
  const stored: [name: string, value: string][] = []
  for (const { name, value } of parameters) {
    // A secret is redacted whatever the case of its name.
    const lowerCaseName = name.toLowerCase()
    if (lowerCaseName === 'check_code' || lowerCaseName === '' || containsCode(name)) continue
    // No store accepts a lone surrogate.
    stored.push([name.toWellFormed(), lowerCaseName === 'token' ? redactedValue : value.toWellFormed()])
  }
  // Object.fromEntries, because an assignment would lose a parameter named `__proto__`.
  return Object.fromEntries(stored)
}
