import { setTimeout as delay } from 'node:timers/promises'
import { usageError } from './cli-error.ts'

/** Waits until the next `count` may be done. @throws if the signal aborts. */
export type Pace = (count: number, signal: AbortSignal) => Promise<void>

const maxPerSecond = 100_000

/** Spreads what is done evenly over time, in any number of parallel tasks. @param perSecond how much is done in a second. */
export function createPace(perSecond: number, now: () => number = Date.now): Pace {
  let nextAt = 0
  return async (count, signal) => {
    const calledAt = now()
    const startsAt = Math.max(calledAt, nextAt)
    nextAt = startsAt + (count / perSecond) * 1000
    await delay(startsAt - calledAt, undefined, { signal })
  }
}

/** How many are done together, so that a low rate is even as well. */
export function batchSizeOf(perSecond: number, max: number): number {
  return Math.max(1, Math.min(max, Math.floor(perSecond)))
}

/** Reads the option `--rate`. @throws CliError */
export function readRate(text: string): number {
  const rate = Number(text)
  if (text.trim() !== '' && rate > 0 && rate <= maxPerSecond) return rate
  throw usageError({
    en: `--rate must be a number above 0 and at most ${maxPerSecond}, not "${text}"`,
    zh: `--rate 必须是大于 0 且不超过 ${maxPerSecond} 的数字，而不是“${text}”`,
  })
}
