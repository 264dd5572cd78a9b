import { setTimeout as sleep } from 'node:timers/promises'
import type { LocalRun } from '../../local/run.ts'

/** Sweeps that come again and again. */
export interface RepeatedSweeps {
  /** Resolves when the last sweep has ended. @returns how many sweeps succeeded and failed. */
  stop(): Promise<SweepCounts>
}

export interface SweepCounts {
  readonly succeeded: number
  readonly failed: number
}

/** Lets `reconcile-rooms` sweep every few seconds, whether a sweep fails or not. */
export function sweepRepeatedly(run: LocalRun, intervalMs: number): RepeatedSweeps {
  const stopped = new AbortController()
  const counts = { succeeded: 0, failed: 0 }
  async function sweepUntilStopped(): Promise<void> {
    while (!stopped.signal.aborted) {
      const { kind } = await run.invoke('ReconcileRooms', {})
      counts[kind === 'ok' ? 'succeeded' : 'failed'] += 1
      await sleep(intervalMs, undefined, { signal: stopped.signal }).catch(() => undefined)
    }
  }
  const sweeping = sweepUntilStopped()
  return {
    async stop() {
      stopped.abort()
      await sweeping
      return counts
    },
  }
}

/** Longer than a lease, the grace period, and half of the longest one. */
const pauseMs = 6 * 60_000

/** Sweeps several times, with a pause before each that only the functions see, so that every difference to the platform is corrected. */
export async function sweepLater(run: LocalRun, sweeps: number, maxApplyMs: number): Promise<void> {
  for (let sweep = 1; sweep <= sweeps; sweep++) {
    for (const principal of ['ReconcileRooms', 'ApplyEvents']) run.shiftClock(principal, sweep * pauseMs)
    await run.invoke('ReconcileRooms', {})
    await run.idle(maxApplyMs)
  }
}
