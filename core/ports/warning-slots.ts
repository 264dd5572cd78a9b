/** Limits how often warnings are followed by sweeps, across all instances of the function. */
export interface WarningSlots {
  /**
   * Takes the time at which a sweep follows a warning: now, or `minIntervalMs` after the last time that was taken.
   *
   * @param now ms since 1970: when the warning arrived.
   * @returns ms since 1970; undefined if a later time has been taken already, so that its sweep follows this warning, too.
   */
  take(now: number, minIntervalMs: number, signal?: AbortSignal): Promise<number | undefined>
}
