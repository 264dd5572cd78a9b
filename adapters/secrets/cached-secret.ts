import type { AwsJsonClient } from '../aws-json/client.ts'

export type SecretReader = {
  /** The parsed JSON; from memory once it was read, and refreshed in the background when it grows old. */
  read(): Promise<unknown>
  /** The parsed JSON as it is now, unless it was read a moment ago. */
  refresh(): Promise<unknown>
}

export type CachedSecretOptions = {
  readonly client: AwsJsonClient
  readonly secretArn: string
  readonly now?: () => number
}

/** ms */
const oldAfter = 60_000
const momentAgo = 5_000
/** A callback may need two readings, and has 3 s in all. */
const patience = 1_100

/** A secret that costs a request only the first time; begins to read at once, while the function still starts. */
export function cachedSecret({ client, secretArn, now = Date.now }: CachedSecretOptions): SecretReader {
  let value: unknown
  let readAt = Number.NEGATIVE_INFINITY
  let reading: Promise<unknown> | undefined

  async function fetchValue(): Promise<unknown> {
    const answer = await client('secretsmanager.GetSecretValue', { SecretId: secretArn }, AbortSignal.timeout(patience))
    const text = typeof answer === 'object' && answer !== null && 'SecretString' in answer ? answer.SecretString : ''
    value = JSON.parse(String(text))
    readAt = now()
    return value
  }

  /** One request at a time, whoever asks. */
  function refresh(): Promise<unknown> {
    reading ??= fetchValue().finally(() => {
      reading = undefined
    })
    return reading
  }

  // A failure here is met, and told, by the first who asks.
  refresh().catch(() => undefined)

  return {
    async read() {
      if (readAt === Number.NEGATIVE_INFINITY) return refresh()
      // The old value serves until the new one is there, and if there is none.
      if (now() - readAt > oldAfter) refresh().catch(() => undefined)
      return value
    },
    async refresh() {
      return now() - readAt < momentAgo ? value : refresh()
    },
  }
}
