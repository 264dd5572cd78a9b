/**
 * What the sweeps know about callbacks that do not arrive: since the first estimated open or join that no genuine callback
 * has followed (docs/contract.md, section 5).
 */
export type CallbackSilence = {
  /** ms: when the sweep began that sent the first of these corrections. */
  readonly since: number
  /** Number of estimated opens and joins sent since then. */
  readonly estimates: number
}

export type SilenceObservation = {
  /** ms: when the sweep began. */
  readonly at: number
  /** Number of estimated opens and joins that the sweep sent. */
  readonly estimates: number
  /** ms: when the latest genuine callback was received; undefined if none is known. */
  readonly lastCallbackAt: number | undefined
}

const minSilenceMs = 600_000
/** A single lost callback proves little. A room that opens without callbacks needs an estimated open and a join. */
const minEstimates = 2

export function observeSilence(
  before: CallbackSilence | undefined,
  { at, estimates, lastCallbackAt = Number.NEGATIVE_INFINITY }: SilenceObservation,
): CallbackSilence | undefined {
  const continued = before !== undefined && lastCallbackAt < before.since ? before : undefined
  if (continued !== undefined) return { since: continued.since, estimates: continued.estimates + estimates }
  return estimates === 0 || lastCallbackAt >= at ? undefined : { since: at, estimates }
}

/** Whether callbacks are missing: so long a silence of rooms and people that have just appeared is unlikely to be chance. */
export function areCallbacksMissing({ since, estimates }: CallbackSilence, at: number): boolean {
  return at - since >= minSilenceMs && estimates >= minEstimates
}
