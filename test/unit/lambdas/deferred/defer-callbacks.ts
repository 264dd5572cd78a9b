import type { CheckCodeKeys, SecretReading } from '../../../../core/ports/secret-reader.ts'
import type { GatewayRequest } from '../../../support/api-gateway.ts'
import { setUpHandler } from '../apply-events/set-up-handler.ts'
import { createReceiver, encodeQuery } from '../receive-callback/callbacks.ts'

export const unreadable = { outcome: 'unreadable', error: new Error('no response') } as const

export const configured = (...value: string[]): SecretReading<CheckCodeKeys> => ({ outcome: 'configured', value })

export const queryOf = (params: Record<string, string>): GatewayRequest => ({ query: encodeQuery(params) })

/** Sends requests to a receiver that cannot read its key. @returns the bodies of the queued messages. */
export async function deferCallbacks(...requests: GatewayRequest[]): Promise<string[]> {
  const { call, unverified } = createReceiver({ knownKeys: unreadable })
  for (const request of requests) {
    const { status, body } = await call(request)
    if (status !== 200) throw new Error(`the receiver refused the callback: ${body.msg}`)
  }
  return unverified
}

/** Creates apply-events with a key, which `reading` can replace. */
export function setUpVerifier(keys: SecretReading<CheckCodeKeys>, broken: Parameters<typeof setUpHandler>[0] = {}) {
  const secret = { reading: keys }
  return { secret, ...setUpHandler({ keys: () => secret.reading, ...broken }) }
}
