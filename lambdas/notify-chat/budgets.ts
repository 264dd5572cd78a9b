import type { Deadline } from '../deadline.ts'

// The one place that divides the time of an invocation. lib/chat-notifications.ts sets the function's timeout to 60 s.

/** ms kept at the end for the delays of waiting messages, the metrics and the response. */
const delayMs = 3_000
/** ms kept for the response. */
const responseMs = 500
/** ms for reading the secret, retries included. */
export const secretBudgetMs = 4_000
/** ms for one message to a robot. */
export const maxSendMs = 8_000
/** ms for one request about a robot's state. */
export const maxStateMs = 2_000

/** ms for splitting alerts. */
export function workBudgetMs({ remainingMs }: Deadline): number {
  return remainingMs() - delayMs
}

/** Whether there is time to wait so long for a robot's turn and then to send a message to it. */
export function hasTimeToSend({ remainingMs }: Deadline, waitMs: number): boolean {
  return remainingMs() - delayMs > waitMs + maxSendMs + 2 * maxStateMs
}

/** ms for setting the delays of waiting messages. */
export function delayBudgetMs({ remainingMs }: Deadline): number {
  return remainingMs() - responseMs
}
