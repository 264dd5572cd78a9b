// The one place that divides the time of a callback. The platform waits 3 s (docs/contract.md, section 3).

/** ms from the start of the function to its response. The rest of the 3 s is for the network. */
export const responseBudgetMs = 2_500

/** ms for the first attempt to send the event; each further attempt has the time that is left. */
export const firstAttemptMs = 1_100

/** Callbacks that are queued unverified, in each environment and second (docs/contract.md, section 3). */
export const maxUnverifiedPerSecond = 50

/** ms for keeping a sample of a refused request, and for saving the counts of refused requests at the same time. */
export const maxSampleMs = 300

/** ms kept at the end of the response time for sending the event. What is before may be used to read secrets. */
const sendMs = 600

/** @param deadline of the response. @returns the time until which secrets may be read. Both in ms since 1970. */
export function secretDeadline(deadline: number): number {
  return deadline - sendMs
}
