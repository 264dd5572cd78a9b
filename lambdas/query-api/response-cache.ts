import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'

type CachedResponse = {
  readonly response: APIGatewayProxyStructuredResultV2
  /** ms since 1970: when reading began. */
  readonly readAt: number
}

/** Enough for the list, the statistics and the cards on a screen. A response has up to 6 MB. */
const maxCachedBytes = 10 * 1024 * 1024

/**
 * Keeps the latest responses of an execution environment for callers that accept a response of some age
 * (docs/decisions/0029). It reads nothing itself: an environment is frozen between invocations.
 */
export class ResponseCache {
  /** The response that was stored longest ago comes first. */
  readonly #entries = new Map<string, CachedResponse>()
  #bytes = 0

  /** @param now ms since 1970. @returns undefined if there is no response younger than `maxAgeMs`. */
  find(key: string, maxAgeMs: number, now: number): APIGatewayProxyStructuredResultV2 | undefined {
    const entry = this.#entries.get(key)
    return entry !== undefined && now - entry.readAt < maxAgeMs ? entry.response : undefined
  }

  /** Stores a response, and drops the oldest ones if they are too large together. */
  store(key: string, entry: CachedResponse): void {
    this.#delete(key)
    this.#entries.set(key, entry)
    this.#bytes += sizeOf(key, entry)
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= maxCachedBytes) break
      this.#delete(oldest)
    }
  }

  #delete(key: string): void {
    const entry = this.#entries.get(key)
    if (entry !== undefined) this.#bytes -= sizeOf(key, entry)
    this.#entries.delete(key)
  }
}

function sizeOf(key: string, { response }: CachedResponse): number {
  return Buffer.byteLength(key) + Buffer.byteLength(response.body ?? '')
}

/** @returns the age in ms up to which the caller accepts a stored response (`Cache-Control: max-age`); 0 for none. */
export function acceptedAgeMs(cacheControl: string | undefined): number {
  const [, seconds = '0'] = /(?:^|[,\s])max-age=(\d{1,6})(?:$|[,\s])/i.exec(cacheControl ?? '') ?? []
  return Number(seconds) * 1000
}
