import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { SecretReader } from '../../core/ports/secret-reader.ts'
import type { CallbackRequest } from '../../core/protocol/callback-request.ts'
import type { RefusedCallback } from '../sample-refusals.ts'
import { maxSampleMs } from './budgets.ts'
import { sourceAddress } from './source-address.ts'

const emptyBody = Buffer.alloc(0)

/** Decodes the parts of a request that carry parameters. */
export function toCallbackRequest(request: APIGatewayProxyEventV2): CallbackRequest {
  const { body, isBase64Encoded, headers, rawQueryString, requestContext } = request
  return {
    method: requestContext.http.method,
    rawQueryString,
    contentType: headers['content-type'],
    contentEncoding: headers['content-encoding'],
    body: body === undefined ? emptyBody : Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  }
}

/** @param edgeKey the key that the distribution sends in a header; undefined if there is no distribution. */
export function toRefusedCallback(
  request: APIGatewayProxyEventV2,
  edgeKey: SecretReader<string> | undefined,
): RefusedCallback {
  const { http, timeEpoch } = request.requestContext
  return {
    receivedAt: timeEpoch,
    method: http.method,
    readAddress: () => sourceAddress(request, edgeKey, Date.now() + maxSampleMs).catch(() => http.sourceIp),
    readRequest: () => toCallbackRequest(request),
  }
}
