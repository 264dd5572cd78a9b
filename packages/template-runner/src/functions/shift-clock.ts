const RealDate = Date
const readRealClock = Date.now
let offsetMs = 0

/** `Date` with a clock that is wrong. */
class ShiftedDate extends RealDate {
  constructor(...parts: ConstructorParameters<DateConstructor> | []) {
    if (parts.length === 0) super(RealDate.now())
    else super(...parts)
  }
}

/** ms since 1970, whatever the clock of this thread says. */
export function readTrueTime(): number {
  return readRealClock()
}

/** Prepares the clock of this thread, before other modules take hold of `Date.now`. */
export function prepareClock(): void {
  RealDate.now = () => readRealClock() + offsetMs
}

/** Makes the clock of this thread wrong by some milliseconds. Timers and `performance.now` are not affected. */
export function shiftClock(ms: number): void {
  if (ms === offsetMs) return
  offsetMs = ms
  // The real one is faster.
  globalThis.Date = ms === 0 ? RealDate : (ShiftedDate as DateConstructor)
}
