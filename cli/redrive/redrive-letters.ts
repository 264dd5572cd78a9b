import type { DeadLetter, DeadLetterQueue } from '../../core/ports/dead-letter-queue.ts'
import { describeDeadLetter } from '../../core/retries/dead-letter.ts'
import { createPace } from '../pace.ts'
import type { LetterCounts } from './letter-counts.ts'
import { putBackLetters } from './put-back.ts'
import { scanLetters } from './scan-letters.ts'
import { type LetterFilter, selectLetter } from './select-letter.ts'

/** s that a round may take to put back what it has taken. Everything taken stays hidden for that time. */
export const maxPutBackSeconds = 60
/** Bytes of dead letters in memory. */
const maxTakenBytes = 64 * 1024 * 1024
/** SQS allows 120,000 hidden messages. */
const maxHeld = 100_000

export type RedriveOptions = {
  readonly filter: LetterFilter
  /** Dead letters a second. */
  readonly rate: number
  readonly isDryRun: boolean
}

/** Follows what happens. `total`: how many dead letters the part of the work concerns, if known. */
export type RedriveWatcher = {
  startScan(): void
  startPutBack(total: number): void
  update(done: number): void
  end(): void
}

export type RedriveResult = {
  readonly redriven: number
  /** `incomplete`: more dead letters than can be held at the same time do not match, so some were not seen. */
  readonly end: 'complete' | 'incomplete' | 'stopped'
  readonly failure: unknown
}

/**
 * Puts the dead letters that match back on the event queue, in rounds: a round hides what it receives, releases what does not
 * match, and puts back what does. Never throws.
 *
 * @param counts extended.
 */
export async function redriveLetters(
  queue: DeadLetterQueue,
  { filter, rate, isDryRun }: RedriveOptions,
  counts: LetterCounts,
  watcher: RedriveWatcher,
  signal: AbortSignal,
): Promise<RedriveResult> {
  const pace = createPace(rate)
  const limits = { maxTaken: Math.max(1, Math.ceil(rate * maxPutBackSeconds)), maxTakenBytes, maxHeld }
  const inspect = (letter: DeadLetter) => {
    const facts = describeDeadLetter(letter)
    const selection = selectLetter(facts, filter, Date.now())
    counts.add(letter.id, facts, selection)
    watcher.update(counts.seen)
    return selection === 'selected' && !isDryRun ? 'take' : 'leave'
  }
  let redriven = 0
  for (;;) {
    watcher.startScan()
    const { taken, left, end, failure } = await scanLetters(queue, inspect, limits, signal)
    const canPutBack = failure === undefined && !signal.aborted
    await queue.release(canPutBack ? left : [...left, ...taken.map(({ receiptHandle }) => receiptHandle)])
    if (!canPutBack) return finish(failure)
    if (taken.length === 0) return finish(undefined, end === 'full' ? 'incomplete' : 'complete')
    watcher.startPutBack(taken.length)
    const onProgress = (done: number) => watcher.update(done)
    const putBack = await putBackLetters(queue, taken, { rate, pace, onProgress }, signal)
    await queue.release(putBack.left)
    redriven += putBack.redriven
    if (putBack.failure !== undefined || signal.aborted) return finish(putBack.failure)
    if (end !== 'full') return finish(undefined, 'complete')
  }

  function finish(failure: unknown, end: RedriveResult['end'] = 'stopped'): RedriveResult {
    watcher.end()
    return { redriven, end, failure }
  }
}
