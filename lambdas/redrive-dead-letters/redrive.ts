import type { DeadLetterQueue } from '../../core/ports/dead-letter-queue.ts'
import { asError } from '../as-error.ts'

/** At this number of dead letters, 100,000 come back within an hour, and later events wait a minute at most behind them. */
export const maxRedrivenLetters = 10_000
const receiveConcurrency = 8

export type RedriveResult = {
  /** Number of dead letters that were put back. */
  readonly redriven: number
  /** The receipt handles of those that were received and stay. */
  readonly kept: readonly string[]
  /** Whether the time was over before all dead letters were seen. */
  readonly isTimedOut: boolean
  /** Why the run ended early. Dead letters that were put back before stay so. */
  readonly failure: Error | undefined
}

export type RedriveLimits = {
  readonly maxLetters: number
  /** Whether there is time to receive more. */
  readonly hasTime: () => boolean
}

/** Puts dead letters back on the event queue, except those that were put back before. Never throws. */
export async function redrive(
  { deadLetters, now }: { readonly deadLetters: DeadLetterQueue; readonly now: () => number },
  { maxLetters, hasTime }: RedriveLimits,
  signal: AbortSignal,
): Promise<RedriveResult> {
  const kept: string[] = []
  let taken = 0
  let redriven = 0
  let isExhausted = false
  let failure: Error | undefined

  async function redriveSome(): Promise<void> {
    const letters = await deadLetters.receive(signal)
    isExhausted ||= letters.length === 0
    const due = letters.filter(({ isRedriven }) => !isRedriven).slice(0, maxLetters - taken)
    taken += due.length
    const staying = letters.filter((letter) => !due.includes(letter))
    kept.push(...staying.map(({ receiptHandle }) => receiptHandle))
    if (due.length === 0) return
    await deadLetters.putBack(due, now(), signal)
    redriven += due.length
  }

  async function work(): Promise<void> {
    while (!isExhausted && failure === undefined && taken < maxLetters && hasTime()) {
      try {
        await redriveSome()
      } catch (error) {
        failure ??= asError(error)
      }
    }
  }

  await Promise.all(Array.from({ length: Math.min(receiveConcurrency, maxLetters) }, work))
  return { redriven, kept, isTimedOut: !isExhausted && taken < maxLetters && failure === undefined, failure }
}
