import { timingSafeEqual } from 'node:crypto'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import type { SecretReader, SecretReading } from '../../core/ports/secret-reader.ts'
import * as headerNames from '../../names/headers.ts'
import { KeyUnreadableError } from '../callback-error.ts'

// API Gateway passes header names in lower case.
const viewerAddressHeader = headerNames.viewerAddress.toLowerCase()

/**
 * The address that a request came from.
 *
 * Requests through the distribution arrive from its own address, and the client's address is in a header. Anyone can send
 * that header, so it counts only together with the key that only the distribution has (docs/decisions/0012).
 *
 * @param edgeKey the key that the distribution sends in a header; undefined if there is no distribution.
 * @param deadline ms since 1970 until which the key may be read.
 * @throws KeyUnreadableError
 */
export async function sourceAddress(
  request: APIGatewayProxyEventV2,
  edgeKey: SecretReader<string> | undefined,
  deadline: number,
): Promise<string> {
  const { headers, requestContext } = request
  const sentKey = headers[headerNames.edgeKey]
  const viewerAddress = headers[viewerAddressHeader]
  if (edgeKey === undefined || sentKey === undefined || viewerAddress === undefined) return requestContext.http.sourceIp
  // The key may have been replaced a moment ago.
  const isGenuine =
    isEqual(sentKey, keyOf(await edgeKey.read(deadline))) || isEqual(sentKey, keyOf(await edgeKey.refresh(deadline)))
  return isGenuine ? removePort(viewerAddress) : requestContext.http.sourceIp
}

function keyOf(reading: SecretReading<string>): string {
  if (reading.outcome === 'configured') return reading.value
  throw new KeyUnreadableError(
    reading.outcome === 'not_configured' ? new Error("the distribution's secret has no key") : reading.error,
  )
}

function isEqual(left: string, right: string): boolean {
  const [leftBytes, rightBytes] = [Buffer.from(left), Buffer.from(right)]
  return leftBytes.length === rightBytes.length && timingSafeEqual(leftBytes, rightBytes)
}

/** Removes the port, which follows the last colon, from `198.51.100.10:46532` or an IPv6 address without brackets. */
function removePort(address: string): string {
  return address.slice(0, address.lastIndexOf(':')).replace(/^\[(.*)\]$/, '$1')
}
