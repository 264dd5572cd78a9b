import { pollDelayMs } from './poll-delay.ts'

type PollingOptions<Data> = {
  readonly load: () => Promise<Data>
  /** Shows the data. @returns whether something has happened since the data that was shown before. */
  readonly show: (data: Data) => boolean
  readonly fail: (error: unknown) => void
}

export type Polling = {
  /** Loads at once, or as soon as the load that is under way has ended. */
  readonly refresh: () => void
  readonly stop: () => void
}

/** Things that a user does while looking at the page. */
const inputs = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart', 'focus'] as const

const shortestDelayMs = pollDelayMs({ quietMs: 0, unattendedMs: 0, responseMs: 0 })

/** Loads now and then until it is stopped: slower while nothing changes and the user does nothing, and not while hidden. */
export function startPolling<Data>({ load, show, fail }: PollingOptions<Data>): Polling {
  let timer: ReturnType<typeof setTimeout> | undefined
  let changedAtMs = performance.now()
  let inputAtMs = performance.now()
  let startedAtMs = 0
  let delayMs = 0
  /** Whether responses still count. */
  let isStopped = false
  let loading = false
  let isRefreshWanted = false

  async function run(): Promise<void> {
    clearTimeout(timer)
    if (loading || document.hidden) return
    loading = true
    startedAtMs = performance.now()
    let data: { readonly loaded: Data } | { readonly error: unknown }
    try {
      data = { loaded: await load() }
    } catch (error) {
      data = { error }
    }
    if (isStopped) return
    loading = false
    if ('error' in data) fail(data.error)
    else if (show(data.loaded)) changedAtMs = performance.now()
    // Showing a failure can stop the polling.
    if (isStopped) return
    if (isRefreshWanted) refresh()
    else schedule()
  }

  function schedule(): void {
    const nowMs = performance.now()
    delayMs = pollDelayMs({
      quietMs: nowMs - Math.max(changedAtMs, inputAtMs),
      unattendedMs: nowMs - inputAtMs,
      responseMs: nowMs - startedAtMs,
    })
    timer = setTimeout(() => void run(), delayMs)
  }

  function noteInput(): void {
    inputAtMs = performance.now()
    const isOverdue = delayMs > shortestDelayMs && inputAtMs - startedAtMs >= shortestDelayMs
    if (isOverdue && !loading) void run()
  }

  function refresh(): void {
    isRefreshWanted = loading
    if (!loading) void run()
  }

  const noteVisibility = () => {
    inputAtMs = performance.now()
    void run()
  }
  for (const input of inputs) window.addEventListener(input, noteInput, { passive: true })
  document.addEventListener('visibilitychange', noteVisibility)
  void run()
  return {
    refresh,
    stop() {
      isStopped = true
      clearTimeout(timer)
      for (const input of inputs) window.removeEventListener(input, noteInput)
      document.removeEventListener('visibilitychange', noteVisibility)
    },
  }
}
