import type { InvocationResult, Throttled } from '../functions/invocation-result.ts'
import { gatewayError, type HttpResponse, httpApiResponse } from './response.ts'
import type { Route } from './routes.ts'
import type { TokenBucket } from './token-bucket.ts'

/** The function behind a route. */
export interface Integration {
  /** Why API Gateway may not invoke the function; undefined if it may. */
  readonly refusal: string | undefined
  readonly timeoutMs: number
  /** A request that gets no token receives a 429. */
  readonly throttle: TokenBucket | undefined
  invoke(event: object): Promise<InvocationResult | Throttled>
}

export interface HttpApi {
  readonly apiId: string
  readonly accountId: string
  readonly routes: readonly Route<Integration>[]
}

/** Returns the function's response, a 503 if it times out or is throttled, or a 500 if the invocation fails. */
export async function invokeIntegration(integration: Integration, event: object): Promise<HttpResponse> {
  const { promise: timeout, resolve } = Promise.withResolvers<undefined>()
  const timer = setTimeout(() => resolve(undefined), integration.timeoutMs)
  const result = await Promise.race([integration.invoke(event), timeout])
  clearTimeout(timer)
  if (!result || result.kind === 'throttled') return gatewayError(503, 'Service Unavailable')
  const response = result.kind === 'returned' ? httpApiResponse(result.payload) : undefined
  return response ?? gatewayError(500, 'Internal Server Error')
}
