import { httpApiEvent } from '@northbound/template-runner'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'

export type BenchHttpRequest = {
  readonly path: string
  readonly rawQuery: string
  /** Name and value in turns, without `host`. */
  readonly rawHeaders: readonly string[]
  readonly routeKey: string
  readonly pathParameters: Readonly<Record<string, string>>
  /** Epoch milliseconds. */
  readonly now: number
}

/** A GET request as API Gateway passes it to a function. */
export function createHttpEvent(request: BenchHttpRequest): APIGatewayProxyEventV2 {
  const { path, rawQuery, rawHeaders, routeKey, pathParameters, now } = request
  const apiId = 'abc123'
  return httpApiEvent(
    {
      method: 'GET',
      path,
      rawQuery,
      httpVersion: '1.1',
      rawHeaders: ['host', `${apiId}.execute-api.us-east-1.amazonaws.com`, ...rawHeaders],
      body: Buffer.alloc(0),
      sourceIp: '203.0.113.7',
    },
    {
      apiId,
      accountId: '000000000000',
      requestId: 'JKJaXmPLvHcESHA=',
      routeKey,
      pathParameters,
      now,
      port: 443,
    },
  ) as APIGatewayProxyEventV2
}
