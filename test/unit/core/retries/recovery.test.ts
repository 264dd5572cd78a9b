import { describe, expect, it } from 'vitest'
import { decideRedrive, recoveryMs } from '../../../../core/retries/recovery.ts'
import { retryDelaySeconds } from '../../../../core/retries/retry-delay.ts'

const now = 1_000_000_000

describe('decideRedrive', () => {
  it.each([
    ['redrives once nothing has failed for ten minutes and callbacks are applied', recoveryMs, 5, 9, 'redrive'],
    ['redrives if nothing ever failed and callbacks are applied', undefined, 1, 0, 'redrive'],
    ['waits if something failed within ten minutes, even if callbacks are applied', recoveryMs - 1, 500, 0, 'wait'],
    ['waits if something failed just now', 0, 0, 0, 'wait'],
    ['waits if nothing is applied, but messages are on the queue', recoveryMs, 0, 1, 'wait'],
    ['probes if there is no traffic', recoveryMs, 0, 0, 'probe'],
    ['probes if there is no traffic and nothing ever failed', undefined, 0, 0, 'probe'],
  ] as const)('%s', (_, failedMsAgo, appliedCallbacks, queuedMessages, decision) => {
    const lastFailureAt = failedMsAgo === undefined ? undefined : now - failedMsAgo
    expect(decideRedrive({ lastFailureAt, appliedCallbacks }, queuedMessages, now)).toBe(decision)
  })

  it('waits longer than any message that keeps failing stays hidden', () => {
    expect(recoveryMs).toBeGreaterThan(retryDelaySeconds(300) * 1000 * 1.5)
  })
})
