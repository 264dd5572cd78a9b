import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { CallbackRequest } from '../../core/protocol/callback-request.ts'

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
