import { SeededRandom } from '../seeded-random.ts'
import type { CallbackParameters } from '../sign-callback.ts'
import { exponential, uniform } from './distributions.ts'
import { isWithin, planEpisodes } from './episodes.ts'
import type { InstallationTrace } from './trace.ts'

/** What the network between the platform and the receiver does to callbacks. Shares are between 0 and 1. */
export interface ChannelOptions {
  readonly seed: number
  /** ms, exponentially distributed */
  readonly meanDelayMs: number
  /** Callbacks that are late by up to `maxLateMs` instead. */
  readonly lateShare: number
  readonly maxLateMs: number
  readonly lostShare: number
  /** Callbacks that arrive a second time within five seconds. */
  readonly duplicateShare: number
  /** Outages on each day, in working hours: every callback that is sent meanwhile is lost. */
  readonly outagesPerDay: number
  readonly minOutageMs: number
  readonly maxOutageMs: number
}

/** Delivers every callback at once. */
export const perfectChannel: ChannelOptions = {
  seed: 1,
  meanDelayMs: 0,
  lateShare: 0,
  maxLateMs: 3_500,
  lostShare: 0,
  duplicateShare: 0,
  outagesPerDay: 0,
  minOutageMs: 2 * 60_000,
  maxOutageMs: 6 * 60_000,
}

/** A callback when it arrives. */
export interface DeliveredCallback {
  /** ms since 1970 */
  readonly receivedAt: number
  readonly parameters: CallbackParameters
}

const maxDuplicateDelayMs = 5_000

/** @returns what arrives, in the order of arrival. The same options yield the same deliveries. */
export function deliverCallbacks(
  trace: Pick<InstallationTrace, 'callbacks' | 'startAt' | 'endAt'>,
  given: Partial<ChannelOptions> = {},
): DeliveredCallback[] {
  const options = { ...perfectChannel, ...given }
  const random = new SeededRandom(options.seed)
  const outages = planEpisodes(random, trace, options.outagesPerDay, options.minOutageMs, options.maxOutageMs)
  const delivered: DeliveredCallback[] = []
  for (const { sentAt, parameters } of trace.callbacks) {
    if (isWithin(outages, sentAt) || random.nextBoolean(options.lostShare)) continue
    const receivedAt = Math.round(sentAt + pickDelay(random, options))
    delivered.push({ receivedAt, parameters })
    if (random.nextBoolean(options.duplicateShare))
      delivered.push({ receivedAt: Math.round(receivedAt + uniform(random, 0, maxDuplicateDelayMs)), parameters })
  }
  return delivered.sort((a, b) => a.receivedAt - b.receivedAt)
}

function pickDelay(random: SeededRandom, { meanDelayMs, lateShare, maxLateMs }: ChannelOptions): number {
  return random.nextBoolean(lateShare) ? uniform(random, 0, maxLateMs) : exponential(random, meanDelayMs)
}
