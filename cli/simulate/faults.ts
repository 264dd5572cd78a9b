import type { SeededRandom } from '@northbound/avd-simulator'
import type { CallbackParameters } from '../callback-parameters.ts'

/** What may happen to callbacks on their way, besides a crash of the media server. */
const callbackFaults = ['duplicate', 'reorder', 'drop', 'bad-signature'] as const
export const faults = [...callbackFaults, 'crash'] as const
export type Fault = (typeof faults)[number]

/** Shares of the callbacks, from 0 to 1. */
const shares: Readonly<Record<(typeof callbackFaults)[number], number>> = {
  duplicate: 0.05,
  reorder: 0.05,
  drop: 0.02,
  'bad-signature': 0.05,
}
const maxDelayMs = 3_000

/** One request, and when it is sent. */
export interface PlannedRequest {
  readonly delayMs: number
  readonly hasBadSignature: boolean
}

export interface DeliveryPlan {
  readonly requests: readonly PlannedRequest[]
  readonly fault: Fault | undefined
}

/** Decides what happens to a callback: at most one fault. */
export function planDelivery(random: SeededRandom, enabled: ReadonlySet<Fault>): DeliveryPlan {
  // The same numbers are drawn whatever is enabled, so that a fault does not change which callbacks have another one.
  const [choice, delay] = [random.next(), random.next()]
  const request: PlannedRequest = { delayMs: 0, hasBadSignature: false }
  const delayed: PlannedRequest = { delayMs: delay * maxDelayMs, hasBadSignature: false }
  switch (pickFault(choice, enabled)) {
    case 'duplicate':
      return { fault: 'duplicate', requests: [request, delayed] }
    case 'reorder':
      return { fault: 'reorder', requests: [delayed] }
    case 'drop':
      return { fault: 'drop', requests: [] }
    case 'bad-signature':
      return { fault: 'bad-signature', requests: [{ delayMs: 0, hasBadSignature: true }] }
    default:
      return { fault: undefined, requests: [request] }
  }
}

function pickFault(choice: number, enabled: ReadonlySet<Fault>): Fault | undefined {
  let sum = 0
  for (const fault of callbackFaults) {
    sum += shares[fault]
    if (choice < sum) return enabled.has(fault) ? fault : undefined
  }
  return undefined
}

/** Changes the first digit of a `check_code`. */
export function spoilSignature(parameters: CallbackParameters): CallbackParameters {
  const code = parameters.check_code ?? ''
  return { ...parameters, check_code: `${code.startsWith('0') ? '1' : '0'}${code.slice(1)}` }
}
