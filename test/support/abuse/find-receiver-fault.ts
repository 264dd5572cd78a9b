import { decodeMessage } from '../../../core/protocol/decode-message.ts'
import { fold } from '../../../core/state/fold.ts'
import { rules } from '../apply.ts'
import { codeFormats, type HostileCallback, hmac, receiverKeys } from './hostile-callback.ts'
import type { ReceiverResult } from './receiver.ts'

const expectedStatuses: readonly number[] = [200, 400, 401, 405, 413]
const maxMessageLength = 1_000

/**
 * What the receiver did wrong with a callback; undefined if nothing. Conditions instead of assertions, because there are many
 * thousand callbacks.
 */
export function findReceiverFault(result: ReceiverResult, callback: HostileCallback): string | undefined {
  const { status, body, headers, errors, messages } = result
  if (errors.length > 0) return `an error: ${errors[0]}`
  if (headers['x-content-type-options'] !== 'nosniff') return 'a response that browsers may take for another type'
  if (!expectedStatuses.includes(status)) return `the status ${status}`
  if (callback.isGenuine && status !== 200) return `a genuine callback got ${status}: ${body}`
  const { ret, msg } = JSON.parse(body)
  if ((ret === 0) !== (status === 200) || typeof msg !== 'string' || msg.length > maxMessageLength)
    return `the body ${body}`
  if (messages.length !== (status === 200 ? 1 : 0)) return `${messages.length} messages after ${status}`
  return (
    findSecret(result, callback) ?? messages.map((message) => findUnsigned(message, callback, result)).find(Boolean)
  )
}

/** Looks for keys and the code in everything that leaves the receiver. */
function findSecret({ body, headers, samples, logLines, messages }: ReceiverResult, { code }: HostileCallback) {
  const shown = JSON.stringify([body, headers, samples, logLines, messages])
  return [...receiverKeys, code].some((secret) => shown.includes(secret)) ? `a secret: ${shown}` : undefined
}

/** Requires that the stored values, in the order of their names, are what a key of the receiver signed. */
function findUnsigned(
  message: string,
  { canonical, code, storesAll }: HostileCallback,
  { logLines }: ReceiverResult,
): string | undefined {
  const event = decodeMessage(message)
  if (typeof event === 'string' || !('params' in event)) return `a message that is not an event: ${message}`
  const codes = receiverKeys.flatMap((key) => codeFormats.map((format) => hmac(key, canonical).toString(format)))
  if (!codes.includes(code)) return 'an event whose code is of no key'
  // A signature of bytes or of encoded text leaves open which text they are.
  const isExact = storesAll && !logLines.some((line) => /"reading":"(as_sent|bytes|gb18030|declared)/.test(line))
  const names = Object.keys(event.params).sort()
  const values = names.map((name) => event.params[name]).filter((value) => value !== '')
  if (isExact && values.join('|') !== canonical.toWellFormed()) return `values that were not signed: ${values}`
  for (const _ of fold([event], rules));
  return undefined
}
