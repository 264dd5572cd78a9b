/**
 * How long signals are taken for repetitions of the first one. A terminal signals the whole process group, and npm then
 * passes the signal on, so that one Ctrl+C arrives twice within a second; the rest allows for a busy event loop.
 */
const repetitionMs = 1100

const parentCheckMs = 500

/**
 * Creates the handler of all signals that stop a run.
 *
 * @param stop called for the first signal.
 * @param kill called for each signal that is not a repetition of the first one.
 * @param now current time in milliseconds.
 */
export function createStopHandler(stop: () => void, kill: () => void, now = () => performance.now()): () => void {
  let firstAtMs: number | undefined
  return () => {
    if (firstAtMs === undefined) {
      firstAtMs = now()
      stop()
    } else if (now() - firstAtMs > repetitionMs) kill()
  }
}

/** Calls `onEnd` once the parent process has ended. npm ends on SIGHUP without passing it on. */
export function watchParent(onEnd: () => void): void {
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    onEnd()
  }, parentCheckMs)
  timer.unref()
}
