import { timingSafeEqual } from 'node:crypto'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { headerNames } from '../../names/headers.ts'

/** The key that the distribution for plain HTTP sends, `{"key": "…"}` in its secret. */
export type EdgeKey = { read(): Promise<unknown> }

/**
 * Where a request came from.
 *
 * What came by way of the distribution has the address of that as its own; the caller's is in a header. Anybody can send
 * such a header, so it counts only together with the key that the distribution alone has.
 *
 * @param edgeKey undefined where there is no distribution.
 * @throws where the key cannot be read.
 */
export async function sourceAddress(request: APIGatewayProxyEventV2, edgeKey: EdgeKey | undefined): Promise<string> {
  const { headers, requestContext } = request
  const sent = headers[headerNames.edgeKey]
  const viewer = headers[headerNames.viewerAddress.toLowerCase()]
  if (edgeKey === undefined || sent === undefined || viewer === undefined) return requestContext.http.sourceIp
  return isSame(sent, keyIn(await edgeKey.read())) ? withoutPort(viewer) : requestContext.http.sourceIp
}

function keyIn(secret: unknown): string {
  const { key } = (typeof secret === 'object' && secret !== null ? secret : {}) as { key?: unknown }
  if (typeof key !== 'string' || key === '') throw new Error('the secret of the distribution has no key')
  return key
}

function isSame(left: string, right: string): boolean {
  const [one, other] = [Buffer.from(left), Buffer.from(right)]
  return one.length === other.length && timingSafeEqual(one, other)
}

/** `198.51.100.10:46532`, or an IPv6 address whose last colon is that of the port. */
function withoutPort(viewer: string): string {
  return viewer.slice(0, viewer.lastIndexOf(':')).replace(/^\[(.*)\]$/, '$1')
}
