import { timingSafeEqual } from 'node:crypto'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import * as headerNames from '../../names/headers.ts'

/** The secret that the distribution for plain HTTP sends in a header: `{"key": "…"}`. */
export type EdgeKey = { read(): Promise<unknown> }

// API Gateway passes header names in lower case.
const viewerAddressHeader = headerNames.viewerAddress.toLowerCase()

/**
 * The address that a request came from.
 *
 * Requests through the distribution arrive from its own address, and the client's address is in a header. Anyone can send
 * that header, so it counts only together with the key that only the distribution has (docs/decisions/0012).
 *
 * @param edgeKey undefined if there is no distribution.
 * @throws if the key cannot be read.
 */
export async function sourceAddress(request: APIGatewayProxyEventV2, edgeKey: EdgeKey | undefined): Promise<string> {
  const { headers, requestContext } = request
  const sentKey = headers[headerNames.edgeKey]
  const viewerAddress = headers[viewerAddressHeader]
  if (edgeKey === undefined || sentKey === undefined || viewerAddress === undefined) return requestContext.http.sourceIp
  return isEqual(sentKey, keyOf(await edgeKey.read())) ? removePort(viewerAddress) : requestContext.http.sourceIp
}

function keyOf(secret: unknown): string {
  const { key } = (typeof secret === 'object' && secret !== null ? secret : {}) as { key?: unknown }
  if (typeof key !== 'string' || key === '') throw new Error("the distribution's secret has no key")
  return key
}

function isEqual(left: string, right: string): boolean {
  const [leftBytes, rightBytes] = [Buffer.from(left), Buffer.from(right)]
  return leftBytes.length === rightBytes.length && timingSafeEqual(leftBytes, rightBytes)
}

/** Removes the port, which follows the last colon, from `198.51.100.10:46532` or an IPv6 address without brackets. */
function removePort(address: string): string {
  return address.slice(0, address.lastIndexOf(':')).replace(/^\[(.*)\]$/, '$1')
}
