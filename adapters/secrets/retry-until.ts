import { AwsError } from '../aws-json/client.ts'

/** ms that one attempt gets at least, unless less time is left. */
const minAttemptMs = 250
const firstRetryDelayMs = 50
const maxRetryDelayMs = 400

/**
 * Makes a request until it succeeds or no time is left. A throttled or interrupted request is repeated after a growing
 * delay; one that the service refuses is not.
 *
 * @param deadline ms since 1970
 * @param attempt makes one request within the time given in ms.
 * @throws the error of the last attempt.
 */
export async function retryUntil<Result>(
  deadline: number,
  attempt: (timeoutMs: number) => Promise<Result>,
): Promise<Result> {
  for (let delayMs = firstRetryDelayMs; ; delayMs = Math.min(delayMs * 2, maxRetryDelayMs)) {
    const leftMs = deadline - Date.now()
    // Half of the time, so that some is left for a request on another connection.
    const timeoutMs = Math.max(Math.ceil(leftMs / 2), Math.min(minAttemptMs, leftMs))
    try {
      return await attempt(timeoutMs)
    } catch (error) {
      const isRefused = error instanceof AwsError && !error.isRetryable
      if (isRefused || deadline - Date.now() <= delayMs) throw error
      await new Promise((resolve) => setTimeout(resolve, delayMs))
      if (Date.now() >= deadline) throw error
    }
  }
}
