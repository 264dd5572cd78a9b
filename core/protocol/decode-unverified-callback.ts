import { z } from 'zod'
import type { UnverifiedCallback } from './unverified-callback.ts'

/** Strict: a message with any other member is not a callback. */
const messageSchema = z.strictObject({
  unverified: z.strictObject({
    request_id: z.string(),
    received_at: z.int().nonnegative(),
    source_address: z.string().default(''),
    method: z.string(),
    query: z.string(),
    content_type: z.string().optional(),
    content_encoding: z.string().optional(),
    body: z.base64(),
  }),
})

/** Whether a parsed message is meant as an unverified callback. An envelope has `params`. */
export function isUnverifiedMessage(message: unknown): boolean {
  if (typeof message !== 'object' || message === null) return false
  return Object.hasOwn(message, 'unverified') && !Object.hasOwn(message, 'params')
}

/** @returns the callback, or the reason why the parsed message is not one. */
export function parseUnverifiedCallback(message: unknown): UnverifiedCallback | string {
  const parsed = messageSchema.safeParse(message)
  if (!parsed.success) return `the message is not an unverified callback: ${z.prettifyError(parsed.error)}`
  const { unverified } = parsed.data
  return {
    requestId: unverified.request_id,
    receivedAt: unverified.received_at,
    sourceAddress: unverified.source_address,
    request: {
      method: unverified.method,
      rawQueryString: unverified.query,
      contentType: unverified.content_type,
      contentEncoding: unverified.content_encoding,
      body: Buffer.from(unverified.body, 'base64'),
    },
  }
}
