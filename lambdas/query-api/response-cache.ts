import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'

type CachedResponse = {
  readonly response: APIGatewayProxyStructuredResultV2
  /** ms since 1970: when reading began. */
  readonly readAt: number
}

/** Each response has up to 5 MB. */
const maxEntries = 4

/**
 * Keeps the latest responses of an execution environment for callers that accept a response of some age
 * (docs/decisions/0029). It reads nothing itself: an environment is frozen between invocations.
 */
export class ResponseCache {
  readonly #entries = new Map<string, CachedResponse>()

  /** @param now ms since 1970. @returns undefined if there is no response younger than `maxAgeMs`. */
  find(key: string, maxAgeMs: number, now: number): APIGatewayProxyStructuredResultV2 | undefined {
    const entry = this.#entries.get(key)
    return entry !== undefined && now - entry.readAt < maxAgeMs ? entry.response : undefined
  }

  /** Stores a response and drops the one that was stored longest ago if there are too many. */
  store(key: string, entry: CachedResponse): void {
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    const [oldest] = this.#entries.keys()
    if (this.#entries.size > maxEntries && oldest !== undefined) this.#entries.delete(oldest)
  }
}

/** @returns the age in ms up to which the caller accepts a stored response (`Cache-Control: max-age`); 0 for none. */
export function acceptedAgeMs(cacheControl: string | undefined): number {
  const [, seconds = '0'] = /(?:^|[,\s])max-age=(\d{1,6})(?:$|[,\s])/i.exec(cacheControl ?? '') ?? []
  return Number(seconds) * 1000
}
