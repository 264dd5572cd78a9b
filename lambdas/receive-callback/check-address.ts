import { BlockList, isIPv6 } from 'node:net'
import type { APIGatewayProxyEventV2 } from 'aws-lambda'
import { CallbackError } from '../callback-error.ts'
import type { ReceiveCallbackDependencies } from './dependencies.ts'
import { sourceAddress } from './source-address.ts'

/**
 * @returns a check, with a deadline in ms since 1970, that returns the source address, and throws CallbackError 403 if it is not
 * allowed; undefined if all addresses are allowed.
 */
export function createAddressCheck({
  allowedCidrs,
  edgeKey,
}: Pick<ReceiveCallbackDependencies, 'allowedCidrs' | 'edgeKey'>):
  | ((request: APIGatewayProxyEventV2, deadline: number) => Promise<string>)
  | undefined {
  if (allowedCidrs.length === 0) return undefined
  const allowed = new BlockList()
  for (const cidr of allowedCidrs) {
    const [network = '', bits] = cidr.split('/')
    const family = isIPv6(network) ? 'ipv6' : 'ipv4'
    allowed.addSubnet(network, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family)
  }
  return async (request, deadline) => {
    const address = await sourceAddress(request, edgeKey, deadline)
    if (!allowed.check(address, isIPv6(address) ? 'ipv6' : 'ipv4'))
      throw new CallbackError(403, 'address_not_allowed', `callbacks from ${address} are not accepted`)
    return address
  }
}
