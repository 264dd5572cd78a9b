/** How long nothing may have failed before dead letters are put back. Longer than the longest delay between two retries. ms. */
export const recoveryMs = 10 * 60_000

/** What `apply-events` did lately. */
export type ApplierActivity = {
  /** ms since 1970: when a message failed last; undefined if none ever did. */
  readonly lastFailureAt: number | undefined
  /** Number of genuine callbacks that were applied and published in the last `recoveryMs`. */
  readonly appliedCallbacks: number
}

/** `redrive`: put dead letters back. `probe`: put back one, to see what becomes of it. `wait`: put back none. */
export type RedriveDecision = 'redrive' | 'probe' | 'wait'

/**
 * Decides whether dead letters are put back on the event queue (docs/decisions/0040). Each is put back by itself only once, so
 * that must not happen while messages still fail.
 *
 * If nothing failed, but nothing was applied either, there is no traffic, or the function crashes before it can say so. One dead
 * letter shows which, as long as the queue holds no other message that would.
 *
 * @param queuedMessages number of messages on the event queue in any state.
 * @param now ms since 1970.
 */
export function decideRedrive(
  { lastFailureAt, appliedCallbacks }: ApplierActivity,
  queuedMessages: number,
  now: number,
): RedriveDecision {
  if (lastFailureAt !== undefined && now - lastFailureAt < recoveryMs) return 'wait'
  if (appliedCallbacks > 0) return 'redrive'
  return queuedMessages === 0 ? 'probe' : 'wait'
}
