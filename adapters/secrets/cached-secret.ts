import type { AwsJsonClient } from '../aws-json/client.ts'

/** The secret was read, but it cannot be used. Its message contains no part of the secret. */
export class UnusableSecretError extends Error {
  override name = 'UnusableSecretError'
}

/** Reads a secret as parsed JSON. */
export type SecretReader = {
  /** Returns the cached value, and refreshes it in the background if it is old. @throws if the first read fails. */
  read(): Promise<unknown>
  /** Reads the value again, unless it was read in the last seconds. @throws if the read fails. */
  refresh(): Promise<unknown>
}

export type CachedSecretOptions = {
  readonly client: AwsJsonClient
  readonly secretArn: string
  readonly requestTimeoutMs: number
  /** ms since 1970 */
  readonly now?: () => number
}

const maxAgeMs = 60_000
const minRefreshIntervalMs = 5_000

/**
 * Caches a secret. The first read starts at once, while the function is still initializing.
 *
 * Lambda freezes an environment between invocations, one with provisioned concurrency for hours before the first of them.
 * A request that was pending then has lost its connection, so its response is not awaited.
 */
export function cachedSecret({
  client,
  secretArn,
  requestTimeoutMs,
  now = Date.now,
}: CachedSecretOptions): SecretReader {
  let value: unknown
  let readAt = Number.NEGATIVE_INFINITY
  let pending: { readonly startedAt: number; readonly response: Promise<unknown> } | undefined

  /** @param startedAt ms since 1970 */
  async function fetchValue(startedAt: number): Promise<unknown> {
    const signal = AbortSignal.timeout(requestTimeoutMs)
    const output = await client('secretsmanager.GetSecretValue', { SecretId: secretArn }, signal)
    const text = typeof output === 'object' && output !== null && 'SecretString' in output ? output.SecretString : ''
    const fetched = parseSecret(String(text))
    // The response to an abandoned request may come after that to a newer one.
    if (startedAt >= readAt) {
      value = fetched
      readAt = startedAt
    }
    return value
  }

  /** Concurrent callers share one request. One that is older than its timeout was pending during a freeze. */
  function fetchOnce(): Promise<unknown> {
    const startedAt = now()
    if (pending !== undefined && startedAt - pending.startedAt <= requestTimeoutMs) return pending.response
    const response = fetchValue(startedAt).finally(() => {
      if (pending?.response === response) pending = undefined
    })
    pending = { startedAt, response }
    return response
  }

  // Failures are ignored here: the first caller waits for the same request and gets its error.
  fetchOnce().catch(() => undefined)

  return {
    async read() {
      if (readAt === Number.NEGATIVE_INFINITY) return fetchOnce()
      // The old value is used until the new one has been read.
      if (now() - readAt > maxAgeMs) fetchOnce().catch(() => undefined)
      return value
    },
    async refresh() {
      return now() - readAt < minRefreshIntervalMs ? value : fetchOnce()
    },
  }
}

/** The message of a `SyntaxError` would contain a part of the secret. */
function parseSecret(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UnusableSecretError('the secret is not valid JSON')
  }
}
