import { setTimeout as sleep } from 'node:timers/promises'

export interface OpenLoopOptions {
  /** Events a second. */
  readonly rate: number
  readonly durationMs: number
  readonly signal: AbortSignal
  /** Resolves when another event may begin: too many unanswered ones would use up the sockets. */
  readonly waitForRoom: () => Promise<void> | undefined
  readonly clock?: Clock
}

/** ms, monotonic. */
export interface Clock {
  now(): number
  sleep(ms: number, signal: AbortSignal): Promise<void>
}

const systemClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, { signal }).catch(() => undefined),
}

/**
 * Begins events at a fixed rate, whether or not earlier ones have been answered (an open loop). It ends after the duration, also if fewer
 * events could begin, or when the signal aborts.
 *
 * @param begin gets the time at which the event is due. It must not wait.
 * @returns how long it took, in ms.
 */
export async function runOpenLoop(options: OpenLoopOptions, begin: (dueAt: number) => void): Promise<number> {
  const { rate, durationMs, signal, waitForRoom, clock = systemClock } = options
  const startedAt = clock.now()
  const count = Math.max(1, Math.round((rate * durationMs) / 1000))
  for (let index = 0; index < count && !signal.aborted; index++) {
    const dueAt = startedAt + (index * 1000) / rate
    if (dueAt > clock.now()) await clock.sleep(dueAt - clock.now(), signal)
    await waitForRoom()
    if (signal.aborted || clock.now() - startedAt > durationMs) break
    begin(dueAt)
  }
  return clock.now() - startedAt
}
