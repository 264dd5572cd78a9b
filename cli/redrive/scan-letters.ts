import { OverLimit } from '@aws-sdk/client-sqs'
import type { DeadLetter, DeadLetterQueue } from '../../core/ports/dead-letter-queue.ts'

const receiveConcurrency = 8

export type ScanLimits = {
  /** Dead letters to take. */
  readonly maxTaken: number
  /** Bytes of the dead letters to take, which are kept in memory. */
  readonly maxTakenBytes: number
  /** Dead letters to receive. SQS allows 120,000 to be hidden. */
  readonly maxHeld: number
}

export type ScanResult = {
  readonly taken: readonly DeadLetter[]
  /** The receipt handles of the others. */
  readonly left: readonly string[]
  /** `all_seen`: no dead letter is visible any more. `full`: a limit was reached. `stopped`: the signal aborted. */
  readonly end: 'all_seen' | 'full' | 'stopped'
  readonly failure: unknown
}

/**
 * Receives dead letters, which hides them, until none is visible or a limit is reached. SQS cannot filter messages, so all
 * others are received, too. The caller has to release or to put back everything that was received. Never throws.
 *
 * @param inspect called for each dead letter, again if it was hidden too long and has been received once more.
 */
export async function scanLetters(
  queue: Pick<DeadLetterQueue, 'receive'>,
  inspect: (letter: DeadLetter) => 'take' | 'leave',
  { maxTaken, maxTakenBytes, maxHeld }: ScanLimits,
  signal: AbortSignal,
): Promise<ScanResult> {
  const taken = new Map<string, DeadLetter>()
  const left = new Map<string, string>()
  let bytes = 0
  let end: 'all_seen' | 'full' | undefined
  let failure: unknown

  async function receiveSome(): Promise<void> {
    // Without the signal: whatever SQS has already hidden must be known to be released.
    const letters = await queue.receive()
    for (const letter of letters) {
      if (inspect(letter) === 'leave') left.set(letter.id, letter.receiptHandle)
      else {
        taken.set(letter.id, letter)
        bytes += letter.body.length
      }
    }
    if (letters.length === 0) end = 'all_seen'
    else if (taken.size >= maxTaken || bytes >= maxTakenBytes || taken.size + left.size >= maxHeld) end ??= 'full'
  }

  async function work(): Promise<void> {
    while (end === undefined && failure === undefined && !signal.aborted) {
      try {
        await receiveSome()
      } catch (error) {
        if (error instanceof OverLimit) end ??= 'full'
        else failure ??= error
      }
    }
  }

  await Promise.all(Array.from({ length: receiveConcurrency }, work))
  return { taken: [...taken.values()], left: [...left.values()], end: end ?? 'stopped', failure }
}
