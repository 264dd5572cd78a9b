import type { CallbackRequest } from './callback-request.ts'
import { encodeMessage } from './envelope.ts'

/** A callback as it was received, before anything is known about its `check_code`. */
export type UnverifiedCallback = {
  readonly request: CallbackRequest
  /** The id that API Gateway gave to the request. */
  readonly requestId: string
  /** ms since 1970 */
  readonly receivedAt: number
  /** Empty if it is not known. */
  readonly sourceAddress: string
}

/**
 * Encodes a message of the event queue that is neither an event nor a command: apply-events verifies the callback
 * (docs/contract.md, section 3). It has none of the members of an envelope, so that no version takes it for an event.
 */
export function encodeUnverifiedCallback({
  request,
  requestId,
  receivedAt,
  sourceAddress,
}: UnverifiedCallback): string {
  const { method, rawQueryString, contentType, contentEncoding, body } = request
  return encodeMessage({
    unverified: {
      request_id: requestId,
      received_at: receivedAt,
      source_address: sourceAddress,
      method,
      query: rawQueryString,
      content_type: contentType,
      content_encoding: contentEncoding,
      body: Buffer.from(body).toString('base64'),
    },
  })
}
