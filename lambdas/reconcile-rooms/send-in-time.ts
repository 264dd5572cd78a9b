import type { CorrectionQueue } from '../../core/ports/event-queue.ts'
import type { Correction } from '../../core/reconciliation/correction.ts'
import type { Deadline } from '../deadline.ts'
import { hasTimeToSend } from './budgets.ts'

const maxChunk = 1000

/**
 * Sends corrections, in chunks, until all are sent or the time is over. Closes come last: a close ends the sessions in its room,
 * which would otherwise have the reason `room_closed`.
 *
 * @returns the corrections that the queue has accepted.
 * @throws if the queue does not accept a chunk.
 */
export async function sendInTime(
  queue: CorrectionQueue,
  corrections: readonly Correction[],
  deadline: Deadline,
  signal: AbortSignal,
): Promise<readonly Correction[]> {
  const isClose = ({ envelope }: Correction) => envelope.params.event === 'close'
  const others = corrections.filter((correction) => !isClose(correction))
  const sent: Correction[] = []
  for (const chunk of [...splitIntoChunks(others), ...splitIntoChunks(corrections.filter(isClose))]) {
    if (!hasTimeToSend(deadline)) break
    await queue.sendAll(
      chunk.map(({ envelope }) => envelope),
      signal,
    )
    sent.push(...chunk)
  }
  return sent
}

function splitIntoChunks(corrections: readonly Correction[]): Correction[][] {
  return Array.from({ length: Math.ceil(corrections.length / maxChunk) }, (_, index) =>
    corrections.slice(index * maxChunk, (index + 1) * maxChunk),
  )
}
