import { BlockList, isIPv6 } from 'node:net'
import middy from '@middy/core'
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { CheckCodeKeys } from '../../core/ports/check-code-keys.ts'
import type { EventQueue } from '../../core/ports/event-queue.ts'
import { verifyCheckCode } from '../../core/protocol/check-code.ts'
import { type Envelope, selectStoredParameters } from '../../core/protocol/envelope.ts'
import { missingIdentity } from '../../core/protocol/identity.ts'
import { type Parameter, readParameters, UnreadableRequest } from '../../core/protocol/parameters.ts'
import type { CallbackOutcome, RefusalOutcome } from '../../names/outcomes.ts'
import { type EdgeKey, sourceAddress } from './source-address.ts'

export type HandlerDependencies = {
  readonly queue: EventQueue
  readonly keys: CheckCodeKeys
  /** Whether a callback without `check_code` is accepted. */
  readonly allowUnsigned: boolean
  /** Source addresses that may call; empty: all. */
  readonly allowedCidrs: readonly string[]
  /** Of the distribution for plain HTTP, where there is one. */
  readonly edgeKey?: EdgeKey | undefined
  /** Counts an outcome of a callback. */
  readonly count: (outcome: CallbackOutcome, request: Correlation) => void
  readonly reportError: (message: string, error: unknown, request: Correlation) => void
}

/** By what a callback is found in the logs of the functions that it passes. */
export type Correlation = { readonly request_id: string; readonly trace_id?: string }

/** ms from the start of the function to its answer; the rest of the contract's 3 s is for the way to and fro. */
const timeBudget = 2500

/** Bytes of query string and body together (contract, section 3). */
const maxRequestBytes = 256 * 1024

/** Characters of a `trace_id` in a log: one that is refused may be of any length. */
const maxLoggedTraceIdLength = 100

/** Bytes. Ids are in every key and in the state; one this long is none. */
const maxIdBytes = 4096
const identifying = ['trace_id', 'room_id', 'user_id', 'stream_id', 'box_code', 'exporter_id', 'start_time']

const nothing = Buffer.alloc(0)

class Refusal extends Error {
  override name = 'Refusal'
  readonly status: number
  readonly outcome: RefusalOutcome

  constructor(status: number, outcome: RefusalOutcome, message: string) {
    super(message)
    this.status = status
    this.outcome = outcome
  }
}

/**
 * The hot path: read, verify, require identity, one message to the queue.
 *
 * The platform waits for this answer and never repeats a call, so nothing else is done here, and 200 is said only
 * once the queue has the event.
 */
export function createHandler(dependencies: HandlerDependencies) {
  const requireAllowed = addressCheck(dependencies)
  // Without middy's own timer: the deadline below ends every wait long before the function's.
  return middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>({ timeoutEarlyInMillis: 0 })
    .handler(async (request) => {
      const deadline = Date.now() + timeBudget
      const { http } = request.requestContext
      if (http.method !== 'GET' && http.method !== 'POST')
        throw new Refusal(405, 'method_not_allowed', 'only GET and POST are accepted')
      await requireAllowed?.(request)
      const parameters = await parametersOf(request)
      const { signed, keyIndex } = await verified(dependencies, parameters)
      const envelope = envelopeOf(request, parameters, signed)
      const about = correlation(request, envelope.trace_id)
      await enqueue(dependencies, envelope, deadline, about)
      dependencies.count(keyIndex > 0 ? 'accepted_with_previous_key' : 'accepted', about)
      return answer(200, 0, 'ok')
    })
    .onError((request) => {
      request.response = refused(dependencies, request.error, correlation(request.event, sentTrace(request.event)))
    })
}

async function parametersOf(request: APIGatewayProxyEventV2): Promise<Parameter[]> {
  const { body, isBase64Encoded, headers, rawQueryString, requestContext } = request
  const bytes = body === undefined ? nothing : Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8')
  if (Buffer.byteLength(rawQueryString) + bytes.length > maxRequestBytes)
    throw new Refusal(413, 'too_large', 'the request is larger than 256 KB')
  return readParameters({
    method: requestContext.http.method,
    rawQueryString,
    contentType: headers['content-type'],
    body: bytes,
  })
}

/** @throws Refusal 401 unless the parameters carry a valid `check_code`, or need none. */
async function verified(
  { keys, allowUnsigned }: HandlerDependencies,
  parameters: readonly Parameter[],
): Promise<{ signed: boolean; keyIndex: number }> {
  const known = await keys.read()
  if (known.length === 0 && allowUnsigned) return { signed: false, keyIndex: 0 }
  let verdict = verifyCheckCode(parameters, known)
  // The key may have been rotated a moment ago; the event would be lost for good.
  if (verdict.outcome === 'wrong') verdict = verifyCheckCode(parameters, await keys.refresh())
  if (verdict.outcome === 'valid') return { signed: true, keyIndex: verdict.keyIndex }
  if (verdict.outcome === 'missing' && allowUnsigned) return { signed: false, keyIndex: 0 }
  throw verdict.outcome === 'missing'
    ? new Refusal(401, 'check_code_missing', 'check_code is missing')
    : new Refusal(401, 'check_code_wrong', 'check_code does not match the parameters and the key')
}

/** @throws Refusal 400 where the event does not say what it is about. */
function envelopeOf(request: APIGatewayProxyEventV2, parameters: readonly Parameter[], signed: boolean): Envelope {
  const params = selectStoredParameters(parameters)
  const missing = missingIdentity(params, signed)
  if (missing !== undefined) throw new Refusal(400, 'identity_missing', `parameter "${missing}" is missing`)
  const tooLong = identifying.find((name) => isTooLong(params[name]))
  if (tooLong !== undefined)
    throw new Refusal(400, 'unreadable', `parameter "${tooLong}" is longer than ${maxIdBytes} bytes`)
  const { requestId, timeEpoch } = request.requestContext
  return {
    // Without one, a repetition of the whole call cannot be told from a second event; its retries still can.
    trace_id: params.trace_id || `request-${requestId}`,
    received_at: timeEpoch,
    source: 'callback',
    params,
  }
}

function isTooLong(id: string | undefined): boolean {
  return id !== undefined && Buffer.byteLength(id) > maxIdBytes
}

async function enqueue(
  { queue, reportError }: HandlerDependencies,
  envelope: Envelope,
  deadline: number,
  about: Correlation,
): Promise<void> {
  const sent = await queue.send(envelope, deadline).catch((error: unknown) => {
    reportError('event not enqueued', error, about)
    throw new Refusal(503, 'queue_unavailable', 'the queue could not be reached; the event was not stored')
  })
  if (sent === 'too_large')
    throw new Refusal(413, 'too_large', 'the event is larger than can be stored: 350,000 bytes as JSON')
}

/** Of a refused callback, which may not have been read at all: as the query string has it. */
function sentTrace({ queryStringParameters }: APIGatewayProxyEventV2): string | undefined {
  return queryStringParameters?.trace_id
}

function correlation({ requestContext }: APIGatewayProxyEventV2, trace: string | undefined): Correlation {
  const { requestId: request_id } = requestContext
  return trace === undefined ? { request_id } : { request_id, trace_id: trace.slice(0, maxLoggedTraceIdLength) }
}

function refused(
  { count, reportError }: HandlerDependencies,
  error: unknown,
  about: Correlation,
): APIGatewayProxyStructuredResultV2 {
  const refusal =
    error instanceof Refusal
      ? error
      : error instanceof UnreadableRequest
        ? new Refusal(400, 'unreadable', error.message)
        : new Refusal(503, 'failed', 'the callback could not be checked; the event was not stored')
  if (refusal.outcome === 'failed') reportError('callback failed', error, about)
  count(refusal.outcome, about)
  const refusedAnswer = answer(refusal.status, refusal.status, refusal.message)
  return refusal.status === 503
    ? { ...refusedAnswer, headers: { ...refusedAnswer.headers, 'retry-after': '1' } }
    : refusedAnswer
}

/** The platform's own convention: `ret` 0 is success. */
function answer(statusCode: number, ret: number, msg: string): APIGatewayProxyStructuredResultV2 {
  return { statusCode, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ret, msg }) }
}

/** @returns what refuses a request from an address that is not allowed; undefined where all are. */
function addressCheck({ allowedCidrs, edgeKey }: HandlerDependencies) {
  if (allowedCidrs.length === 0) return undefined
  const allowed = new BlockList()
  for (const cidr of allowedCidrs) {
    const [network = '', bits] = cidr.split('/')
    const family = isIPv6(network) ? 'ipv6' : 'ipv4'
    allowed.addSubnet(network, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family)
  }
  return async (request: APIGatewayProxyEventV2) => {
    const address = await sourceAddress(request, edgeKey)
    if (!allowed.check(address, isIPv6(address) ? 'ipv6' : 'ipv4'))
      throw new Refusal(403, 'address_not_allowed', `callbacks from ${address} are not accepted`)
  }
}
