import { deliverCallbacks, generateTrace, type TraceOptions } from '@northbound/avd-simulator'
import { explainErrors, type SessionError } from './causes.ts'
import type { TruthMix } from './mixes.ts'
import { NaiveReceiver } from './naive-receiver.ts'
import { NorthboundReceiver } from './northbound-receiver.ts'
import { parseDeliveries, play } from './play.ts'
import type { TruthReceiver } from './receiver.ts'
import { score, type TruthScore } from './score.ts'

const receivers = {
  /** The fold and the sweep rules of the product. */
  ours: () => new NorthboundReceiver(),
  /** The last callback wins, and a sweep makes the state equal to the list. */
  sweeping: () => new NaiveReceiver({ sweeps: true }),
  /** The last callback wins. */
  naive: () => new NaiveReceiver({ sweeps: false }),
} satisfies Record<string, () => TruthReceiver>

export type ReceiverName = keyof typeof receivers
export const receiverNames = Object.keys(receivers) as ReceiverName[]

export type ReceiverResult = { readonly score: TruthScore; readonly errors: readonly SessionError[] }
export type MixResult = Readonly<Record<ReceiverName, ReceiverResult>>

/** Plays one trace of a mix to every receiver. The same seed yields the same result. */
export function measureMix(mix: TruthMix, seed: number, size: Partial<TraceOptions> = {}): MixResult {
  const trace = generateTrace({ days: 2, ...size, ...mix.trace, seed })
  const deliveries = deliverCallbacks(trace, { ...mix.channel, seed: seed + 100 })
  const events = parseDeliveries(deliveries)
  const measure = (name: ReceiverName): ReceiverResult => {
    const receiver = receivers[name]()
    play(receiver, trace, events, { ...mix.list, seed: seed + 200 })
    return {
      score: score(receiver, trace.truth, trace.endAt),
      errors: explainErrors(receiver, trace, deliveries),
    }
  }
  return {
    ours: measure('ours'),
    sweeping: measure('sweeping'),
    naive: measure('naive'),
  }
}
