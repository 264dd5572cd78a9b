/**
 * How long signals are taken for repetitions of the first one. A terminal signals the whole process group, and npm then
 * passes the signal on, so that one Ctrl+C arrives twice.
 */
const repetitionMs = 1100

const parentCheckMs = 500

/**
 * Creates the handler of all signals that stop a run.
 *
 * @param stop called for the first signal.
 * @param kill called for each signal that is not a repetition of the first one.
 * @returns the handler, and a promise that resolves once signals are no longer taken for repetitions.
 */
export function createStopHandler(stop: () => void, kill: () => void) {
  let phase: 'running' | 'stopping' | 'killable' = 'running'
  const { promise: repetitionsOver, resolve } = Promise.withResolvers<void>()
  const onSignal = (): void => {
    if (phase === 'killable') kill()
    if (phase !== 'running') return
    phase = 'stopping'
    stop()
    // After a busy time, the event loop calls timers before signals that came earlier, and immediates after them.
    setTimeout(() => {
      setImmediate(() => {
        phase = 'killable'
        resolve()
      })
    }, repetitionMs)
  }
  return { onSignal, repetitionsOver }
}

/** Whether npm has started this process. */
export function isStartedByNpm(): boolean {
  return process.env.npm_lifecycle_event !== undefined
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
