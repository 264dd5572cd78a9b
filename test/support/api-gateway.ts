import type { APIGatewayProxyEventV2, Context } from 'aws-lambda'

export type GatewayRequest = {
  readonly method?: string
  readonly path?: string
  readonly query?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** API Gateway encodes every body that is not text. */
  readonly isBase64Encoded?: boolean
  readonly sourceIp?: string
  readonly requestId?: string
  readonly timeEpoch?: number
}

/** Creates the event that an HTTP API passes to a function, in payload format 2.0. */
export function createGatewayEvent(request: GatewayRequest = {}): APIGatewayProxyEventV2 {
  const { method = 'GET', path = '/room_event_history', query = '', headers = {}, isBase64Encoded = false } = request
  const { body, sourceIp = '203.0.113.7', requestId = 'JKJaXmPLvHcESHA=', timeEpoch = 1_732_444_111_123 } = request
  const parameters = [...new URLSearchParams(query)]
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: query,
    headers: { host: 'abc123.execute-api.eu-central-1.amazonaws.com', 'x-forwarded-proto': 'https', ...headers },
    ...(parameters.length === 0 ? {} : { queryStringParameters: Object.fromEntries(parameters) }),
    requestContext: {
      accountId: '123456789012',
      apiId: 'abc123',
      domainName: 'abc123.execute-api.eu-central-1.amazonaws.com',
      domainPrefix: 'abc123',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp, userAgent: 'avd/3.33' },
      requestId,
      routeKey: '$default',
      stage: '$default',
      time: new Date(timeEpoch).toUTCString(),
      timeEpoch,
    },
    ...(body === undefined ? {} : { body: Buffer.from(body).toString(isBase64Encoded ? 'base64' : 'utf8') }),
    isBase64Encoded,
  }
}

/** The part of Lambda's context that the handlers use. */
export const lambdaContext = { getRemainingTimeInMillis: () => 10_000 } as Context
