const RealDate = Date
let offsetMs = 0

/** `Date` with a clock that is wrong. */
class ShiftedDate extends RealDate {
  constructor(...parts: ConstructorParameters<DateConstructor> | []) {
    if (parts.length === 0) super(ShiftedDate.now())
    else super(...parts)
  }

  static override now(): number {
    return RealDate.now() + offsetMs
  }
}

/** Makes the clock of this thread wrong by some milliseconds. Timers and `performance.now` are not affected. */
export function shiftClock(ms: number): void {
  if (ms === offsetMs) return
  offsetMs = ms
  // The real one is faster.
  globalThis.Date = ms === 0 ? RealDate : (ShiftedDate as DateConstructor)
}
