import type { DeadLetter, DeadLetterQueue } from '../../core/ports/dead-letter-queue.ts'
import { batchSizeOf, type Pace } from '../pace.ts'

/** SQS's limit of one request. */
const maxBatch = 10
const requestConcurrency = 8

export type PutBackResult = {
  readonly redriven: number
  /** The receipt handles of those that were not put back. */
  readonly left: readonly string[]
  readonly failure: unknown
}

/**
 * Puts dead letters back on the event queue at a limited rate. Each is deleted only after its copy is on the queue. Never throws.
 *
 * @param onProgress called with the number of dead letters that have been put back.
 */
export async function putBackLetters(
  queue: Pick<DeadLetterQueue, 'putBack'>,
  letters: readonly DeadLetter[],
  { rate, pace, onProgress }: { readonly rate: number; readonly pace: Pace; onProgress(redriven: number): void },
  signal: AbortSignal,
): Promise<PutBackResult> {
  const size = batchSizeOf(rate, maxBatch)
  const failed: DeadLetter[] = []
  let next = 0
  let redriven = 0
  let failure: unknown

  async function work(): Promise<void> {
    while (next < letters.length && failure === undefined && !signal.aborted) {
      const batch = letters.slice(next, next + size)
      next += batch.length
      try {
        await pace(batch.length, signal)
        // Without the signal: a batch that has begun is finished.
        await queue.putBack(batch, Date.now())
        redriven += batch.length
        onProgress(redriven)
      } catch (error) {
        failed.push(...batch)
        if (!signal.aborted) failure ??= error
      }
    }
  }

  await Promise.all(Array.from({ length: requestConcurrency }, work))
  const left = [...failed, ...letters.slice(next)].map(({ receiptHandle }) => receiptHandle)
  return { redriven, left, failure }
}
