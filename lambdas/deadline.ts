import type { Bilingual } from '../core/notifications/alert-text.ts'
import { ExplainedError } from '../core/ports/explained-error.ts'

/** How much time an invocation has left. */
export type Deadline = {
  /** ms */
  readonly remainingMs: () => number
}

/** A step ran out of its time budget. */
export class DeadlineExceededError extends ExplainedError {
  override name = 'DeadlineExceededError'

  /** @param message a text in English only is for logs. */
  constructor(message: Bilingual | string) {
    super(typeof message === 'string' ? { english: message, chinese: `操作超时（${message}）` } : message)
  }
}

/** The longest delay that a timer can have. ms. */
const maxTimerMs = 2 ** 31 - 1

/**
 * Runs `work` with a signal that aborts after `budgetMs`. Work that has finished by then is not affected.
 *
 * @param message of the `DeadlineExceededError` that is the signal's reason.
 */
export async function withBudget<Result>(
  budgetMs: number,
  message: Bilingual | string,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const controller = new AbortController()
  const delayMs = Math.min(Math.max(budgetMs, 0), maxTimerMs)
  const timer = setTimeout(() => controller.abort(new DeadlineExceededError(message)), delayMs)
  try {
    return await work(controller.signal)
  } finally {
    clearTimeout(timer)
  }
}

/** Rejects with the signal's reason as soon as it aborts, even if `promise` ignores the signal. */
export function orAbort<Result>(promise: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
