import middy from '@middy/core'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { UnreadableRequestError } from '../../core/protocol/callback-request.ts'
import type { Envelope } from '../../core/protocol/envelope.ts'
import { type Callback, readCallback } from '../../core/protocol/readings.ts'
import { truncateForLog } from '../truncate-for-log.ts'
import { responseBudgetMs, secretDeadline } from './budgets.ts'
import { buildEnvelope } from './build-envelope.ts'
import { CallbackError } from './callback-error.ts'
import { createAddressCheck } from './check-address.ts'
import type { CallbackCorrelation, ReceiveCallbackDependencies } from './dependencies.ts'
import { type SignatureResult, verifySignature } from './verify-signature.ts'

/** Bytes of query string and body together (docs/contract.md, section 3). */
const maxRequestBytes = 256 * 1024

const emptyBody = Buffer.alloc(0)

type CountedSignature = NonNullable<SignatureResult['signature']>

/**
 * The hot path: parse, verify, require identity, and send one message to the queue.
 *
 * The platform waits for the response and never repeats a callback. Therefore nothing else happens here, and the response
 * is 200 only after the queue has accepted the event.
 */
export function createHandler(dependencies: ReceiveCallbackDependencies) {
  const checkAddress = createAddressCheck(dependencies)
  // Middy's own timer is off: the deadline below ends every wait long before the function's timeout.
  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>({ timeoutEarlyInMillis: 0 })
    .handler(async (request) => {
      const deadline = Date.now() + responseBudgetMs
      const { http } = request.requestContext
      if (http.method !== 'GET' && http.method !== 'POST')
        throw new CallbackError(405, 'method_not_allowed', 'only GET and POST are accepted')
      await checkAddress?.(request, secretDeadline(deadline))
      const callback = parseCallback(request)
      const { parameters, signature } = await verifySignature(dependencies, callback, secretDeadline(deadline))
      const envelope = buildEnvelope(request, parameters, signature !== undefined)
      const correlation = correlate(request, envelope.trace_id)
      await enqueue(dependencies, envelope, deadline, correlation)
      if (signature !== undefined) countReading(dependencies, signature)
      dependencies.count(signature && signature.keyIndex > 0 ? 'accepted_with_previous_key' : 'accepted', correlation)
      return respond(200, 0, 'ok')
    })
    .onError((request) => {
      // A refused request may be unreadable, so its trace_id is taken from the query string.
      const correlation = correlate(request.event, request.event.queryStringParameters?.trace_id)
      request.response = respondToError(dependencies, request.error, correlation)
    })
}

function parseCallback(request: APIGatewayProxyEventV2): Callback {
  const { body, isBase64Encoded, headers, rawQueryString, requestContext } = request
  const bytes = body === undefined ? emptyBody : Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8')
  if (Buffer.byteLength(rawQueryString) + bytes.length > maxRequestBytes)
    throw new CallbackError(413, 'too_large', 'the request is larger than 256 KB')
  return readCallback({
    method: requestContext.http.method,
    rawQueryString,
    contentType: headers['content-type'],
    contentEncoding: headers['content-encoding'],
    body: bytes,
  })
}

/** The usual reading is not counted: a metric costs while it is emitted. */
function countReading({ countOtherReading }: ReceiveCallbackDependencies, signature: CountedSignature): void {
  const { reading, isDocumentedOnly } = signature
  if (reading !== 'form_decoded' || isDocumentedOnly)
    countOtherReading(isDocumentedOnly ? `${reading}_documented_only` : reading)
}

async function enqueue(
  { queue, reportError }: ReceiveCallbackDependencies,
  envelope: Envelope,
  deadline: number,
  correlation: CallbackCorrelation,
): Promise<void> {
  const sent = await queue.send(envelope, deadline).catch((error: unknown) => {
    reportError('event not enqueued', error, correlation)
    throw new CallbackError(503, 'queue_unavailable', 'the queue could not be reached; the event was not stored')
  })
  if (sent === 'too_large')
    throw new CallbackError(413, 'too_large', 'the event is larger than can be stored: 350,000 bytes as JSON')
}

function correlate({ requestContext }: APIGatewayProxyEventV2, traceId: string | undefined): CallbackCorrelation {
  const { requestId: request_id } = requestContext
  return traceId === undefined ? { request_id } : { request_id, trace_id: truncateForLog(traceId) }
}

function respondToError(
  { count, reportError }: ReceiveCallbackDependencies,
  error: unknown,
  correlation: CallbackCorrelation,
): APIGatewayProxyStructuredResultV2 {
  const { status, outcome, message } = toCallbackError(error)
  if (outcome === 'failed') reportError('callback failed', error, correlation)
  count(outcome, correlation)
  const response = respond(status, status, message)
  return status === 503 ? { ...response, headers: { ...response.headers, 'retry-after': '1' } } : response
}

function toCallbackError(error: unknown): CallbackError {
  if (error instanceof CallbackError) return error
  if (error instanceof UnreadableRequestError) return new CallbackError(400, 'unreadable', error.message)
  return new CallbackError(503, 'failed', 'the callback could not be checked; the event was not stored')
}

/** The platform's convention: `ret` is 0 for success (docs/contract.md, section 3). */
function respond(statusCode: number, ret: number, msg: string): APIGatewayProxyStructuredResultV2 {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ret, msg }) }
}
