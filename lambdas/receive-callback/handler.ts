import middy from '@middy/core'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { EventQueue } from '../../core/ports/event-queue.ts'
import type { UnverifiedCallback } from '../../core/protocol/unverified-callback.ts'
import { CallbackError, KeyUnreadableError } from '../callback-error.ts'
import { createRateLimit } from '../rate-limit.ts'
import { truncateForLog } from '../truncate-for-log.ts'
import { verifyCallback } from '../verify-callback.ts'
import type { Signature } from '../verify-signature.ts'
import { maxUnverifiedPerSecond, responseBudgetMs, secretDeadline } from './budgets.ts'
import { createAddressCheck } from './check-address.ts'
import type { CallbackCorrelation, ReceiveCallbackDependencies } from './dependencies.ts'
import { toCallbackRequest, toRefusedCallback } from './read-request.ts'

/** Bytes of query string and body together (docs/contract.md, section 3). */
const maxRequestBytes = 256 * 1024

const allowedMethods: readonly string[] = ['GET', 'POST']

/** Headers of refusals, by status. */
const refusalHeaders: Readonly<Record<number, Readonly<Record<string, string>>>> = {
  405: { allow: allowedMethods.join(', ') },
  503: { 'retry-after': '1' },
}

const keyUnreadable = 'the key could not be read; apply-events will verify the callback'

/**
 * The hot path: parse, verify, require identity, and send one message to the queue.
 *
 * The platform waits for the response and never repeats a callback. Therefore nothing else happens here, and the response
 * is 200 only after the queue has accepted the event.
 */
export function createHandler(dependencies: ReceiveCallbackDependencies) {
  const checkAddress = createAddressCheck(dependencies)
  const mayDefer = createRateLimit(maxUnverifiedPerSecond, 1_000)
  // Middy's own timer is off: the deadline below ends every wait long before the function's timeout.
  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>({ timeoutEarlyInMillis: 0 })
    .handler(async (request) => {
      const deadline = Date.now() + responseBudgetMs
      const { http } = request.requestContext
      if (!allowedMethods.includes(http.method))
        throw new CallbackError(405, 'method_not_allowed', 'only GET and POST are accepted')
      const address = await checkAddress?.(request, secretDeadline(deadline))
      const callback = readRequest(request, address ?? http.sourceIp)
      const verdict = await verifyCallback(dependencies, callback, secretDeadline(deadline))
      if (verdict.outcome === 'key_unreadable') {
        // Queued as sent (docs/decisions/0045).
        if (!mayDefer(Date.now())) throw new KeyUnreadableError(verdict.error)
        const correlation = correlate(request, claimedTraceId(request))
        dependencies.reportError(keyUnreadable, verdict.error, correlation)
        await enqueue(dependencies, () => dependencies.queue.sendUnverified(callback, deadline), correlation)
        dependencies.count('accepted_unverified', correlation)
        return respond(200, 0, 'ok')
      }
      const { envelope, signature } = verdict
      const correlation = correlate(request, envelope.trace_id)
      await enqueue(dependencies, () => dependencies.queue.send(envelope, deadline), correlation)
      if (signature !== undefined) countReading(dependencies, signature)
      dependencies.count(signature && signature.keyIndex > 0 ? 'accepted_with_previous_key' : 'accepted', correlation)
      return respond(200, 0, 'ok')
    })
    .onError(async (request) => {
      const correlation = correlate(request.event, claimedTraceId(request.event))
      const refusal = toCallbackError(request.error)
      if (refusal.outcome === 'failed') dependencies.reportError('callback failed', request.error, correlation)
      dependencies.count(refusal.outcome, correlation)
      await Promise.all([
        dependencies.sampleRefusal(toRefusedCallback(request.event, dependencies.edgeKey), refusal),
        dependencies.tallyRefusals([refusal], Date.now()),
      ])
      request.response = respondToRefusal(refusal)
    })
}

/** @throws CallbackError 413 */
function readRequest(request: APIGatewayProxyEventV2, address: string): UnverifiedCallback {
  const callbackRequest = toCallbackRequest(request)
  const { rawQueryString, body } = callbackRequest
  if (Buffer.byteLength(rawQueryString) + body.length > maxRequestBytes)
    throw new CallbackError(413, 'too_large', 'the request is larger than 256 KB')
  const { requestId, timeEpoch } = request.requestContext
  return { requestId, receivedAt: timeEpoch, sourceAddress: address, request: callbackRequest }
}

/** The usual reading is not counted: a metric costs while it is emitted. */
function countReading({ countOtherReading }: ReceiveCallbackDependencies, signature: Signature): void {
  const { reading, isDocumentedOnly } = signature
  if (reading !== 'form_decoded' || isDocumentedOnly)
    countOtherReading(isDocumentedOnly ? `${reading}_documented_only` : reading)
}

async function enqueue(
  { reportError }: ReceiveCallbackDependencies,
  send: () => ReturnType<EventQueue['send']>,
  correlation: CallbackCorrelation,
): Promise<void> {
  const sent = await send().catch((error: unknown) => {
    reportError('event not enqueued', error, correlation)
    throw new CallbackError(503, 'queue_unavailable', 'the queue could not be reached; the event was not stored')
  })
  if (sent === 'too_large')
    throw new CallbackError(413, 'too_large', 'the event is larger than can be stored: 350,000 bytes as JSON')
}

/** A refused or unverified request may be unreadable, so its trace_id is taken from the query string. */
function claimedTraceId({ queryStringParameters }: APIGatewayProxyEventV2): string | undefined {
  return queryStringParameters?.trace_id
}

function correlate({ requestContext }: APIGatewayProxyEventV2, traceId: string | undefined): CallbackCorrelation {
  const { requestId: request_id } = requestContext
  return traceId === undefined ? { request_id } : { request_id, trace_id: truncateForLog(traceId) }
}

function respondToRefusal({ status, message }: CallbackError): APIGatewayProxyStructuredResultV2 {
  const response = respond(status, status, message)
  return { ...response, headers: { ...response.headers, ...refusalHeaders[status] } }
}

function toCallbackError(error: unknown): CallbackError {
  if (error instanceof CallbackError) return error
  return new CallbackError(503, 'failed', 'the callback could not be checked; the event was not stored')
}

// A refusal quotes names of parameters, so nothing may take it for a page.
const headers = { 'content-type': 'application/json', 'x-content-type-options': 'nosniff' }

/** The platform's convention: `ret` is 0 for success (docs/contract.md, section 3). */
function respond(statusCode: number, ret: number, msg: string): APIGatewayProxyStructuredResultV2 {
  return { statusCode, headers, body: JSON.stringify({ ret, msg }) }
}
