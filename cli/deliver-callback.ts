import type { CallbackParameters } from './callback-parameters.ts'

/** `reason`: why there was no response, in the words of the network. */
export type Delivery =
  | { readonly outcome: 'response'; readonly status: number; readonly body: string }
  | { readonly outcome: 'no_response'; readonly reason: string }

export interface DeliveryOptions {
  readonly method: 'GET' | 'POST'
  readonly signal?: AbortSignal
}

/** A media server waits about as long. */
const responseTimeoutMs = 10_000

/** Sends a callback as the platform does: in the query, or as a form. No redirect is followed. @throws if the signal aborts it. */
export async function deliverCallback(
  url: URL,
  parameters: CallbackParameters,
  { method, signal }: DeliveryOptions,
): Promise<Delivery> {
  const form = new URLSearchParams(parameters)
  const target = new URL(url)
  if (method === 'GET') for (const [name, value] of form) target.searchParams.append(name, value)
  const timeout = AbortSignal.timeout(responseTimeoutMs)
  const either = signal === undefined ? timeout : AbortSignal.any([signal, timeout])
  try {
    const body = method === 'POST' ? { body: form } : {}
    const response = await fetch(target, { method, signal: either, redirect: 'manual', ...body })
    return { outcome: 'response', status: response.status, body: await response.text() }
  } catch (error) {
    signal?.throwIfAborted()
    return { outcome: 'no_response', reason: describeCause(error) }
  }
}

function describeCause(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  if (!(cause instanceof Error)) return error.message
  // An error of several addresses has no text of its own.
  return cause.message || ('code' in cause ? String(cause.code) : error.message)
}
