const firstDelaySeconds = 5
const maxDelaySeconds = 300

/**
 * Returns how long a failed message stays hidden before it is received again: 5 s, doubling to 5 min. A short failure delays
 * events by seconds, and a long one costs few requests.
 *
 * @param receives how often the message has been received, this time included.
 * @returns seconds.
 */
export function retryDelaySeconds(receives: number): number {
  return Math.min(firstDelaySeconds * 2 ** Math.max(receives - 1, 0), maxDelaySeconds)
}
