import { ExplainedError } from '../../core/ports/explained-error.ts'
import type { SecretMemory, SecretReader, SecretReading } from '../../core/ports/secret-reader.ts'
import type { AwsJsonClient } from '../aws-json/client.ts'
import { fetchSecretText } from './fetch-secret.ts'
import { retryUntil } from './retry-until.ts'
import { UnusableSecretError } from './unusable-secret-error.ts'

export type SecretReaderOptions<Value> = {
  readonly client: AwsJsonClient
  readonly secretArn: string
  /** Parses the text of the secret; undefined if nothing is configured. @throws UnusableSecretError */
  readonly parse: (text: string) => Value | undefined
  /** Gets each version that cannot be used once as `new`, and then at most once a minute as `known`. */
  readonly reportUnusable: (reason: string, version: 'new' | 'known') => void
}

/** ms after which a value is read again. */
const maxAgeMs = 60_000
/** ms between two reads of a secret whose value is known, or whose last read has failed. */
const minReadIntervalMs = 2_000
/** ms for reading a secret again. The callers wait for it, but can also use the old value. */
const maxRefreshMs = 1_000
/** ms after a failed refresh during which `read` uses the old value. */
const refreshPauseMs = 10_000
/**
 * ms for each read in the ten seconds after one has used up its time in vain. While Secrets Manager fails, an environment must
 * not spend its time waiting: Lambda would need an environment for every callback that comes meanwhile.
 */
const maxRepeatedReadMs = 250
const repeatedReadMs = 10_000
/** ms for the request that is made before the first call. */
const prefetchMs = 1_000
const reminderIntervalMs = 60_000

const notRead = { english: 'the secret could not be read', chinese: '未能读取 secret' }
const notParsed = { english: 'the secret could not be parsed', chinese: 'secret 的内容无法解析' }

/**
 * Creates a reader that keeps the value in memory. The first request is made at once, while the function is still
 * initializing.
 *
 * Lambda freezes an environment between invocations, so nothing is read in the background: every other request is awaited
 * within the invocation that needs it.
 */
export function createSecretReader<Value>(
  options: SecretReaderOptions<Value>,
): SecretReader<Value> & SecretMemory<Value> {
  return new CachingReader(options)
}

class CachingReader<Value> implements SecretReader<Value>, SecretMemory<Value> {
  readonly #options: SecretReaderOptions<Value>
  /** What was fetched last. */
  #text: string | undefined
  #newest: SecretReading<Value> | undefined
  /** What `read` returns: the newest value, or the last usable one. */
  #effective: SecretReading<Value> | undefined
  /** Start of the last request that succeeded. ms since 1970, as all times here. */
  #fetchedAt = Number.NEGATIVE_INFINITY
  /** Start of the last request. */
  #attemptedAt = Number.NEGATIVE_INFINITY
  /** When a read had used up its time without success. */
  #exhaustedAt = Number.NEGATIVE_INFINITY
  /** The last failure, until a request succeeds. */
  #failure: { readonly at: number; readonly error: Error } | undefined
  #pending: { readonly expiresAt: number; readonly response: Promise<void> } | undefined
  #remindedAt = Number.NEGATIVE_INFINITY

  constructor(options: SecretReaderOptions<Value>) {
    this.#options = options
    // A failure is ignored: the first caller waits for the same request, and makes another one.
    this.#fetchOnce(prefetchMs).catch(() => undefined)
  }

  async read(deadline: number): Promise<SecretReading<Value>> {
    if (this.#effective === undefined) await this.#fetchFirst(deadline)
    else if (this.#isOld()) await this.#fetchAgain(deadline)
    return this.#effective ?? this.#unreadable()
  }

  async refresh(deadline: number): Promise<SecretReading<Value>> {
    if (this.#newest === undefined) await this.#fetchFirst(deadline)
    else if (Date.now() - this.#attemptedAt >= minReadIntervalMs) await this.#fetchAgain(deadline)
    return this.#failure === undefined && this.#newest !== undefined ? this.#newest : this.#unreadable()
  }

  async recall(): Promise<SecretReading<Value> | undefined> {
    // A failure is ignored here, because the caller that made the request reports it.
    if (this.#effective === undefined) await this.#pending?.response.catch(() => undefined)
    return this.#effective
  }

  #isOld(): boolean {
    const now = Date.now()
    if (now - this.#attemptedAt < minReadIntervalMs) return false
    if (this.#failure !== undefined && now - this.#failure.at < refreshPauseMs) return false
    return now - this.#fetchedAt > maxAgeMs || this.#effective?.outcome === 'unusable'
  }

  #unreadable(): SecretReading<Value> {
    return { outcome: 'unreadable', error: this.#failure?.error ?? new ExplainedError(notRead) }
  }

  async #fetchFirst(deadline: number): Promise<void> {
    if (this.#failure === undefined || Date.now() - this.#attemptedAt >= minReadIntervalMs)
      await this.#fetchInTime(deadline)
  }

  async #fetchAgain(deadline: number): Promise<void> {
    await this.#fetchInTime(Math.min(deadline, Date.now() + maxRefreshMs))
  }

  /** Takes little time if a read has used up its time in vain a short time ago. */
  async #fetchInTime(deadline: number): Promise<void> {
    const now = Date.now()
    const isRepeated = now - this.#exhaustedAt < repeatedReadMs
    await this.#fetchUntil(isRepeated ? Math.min(deadline, now + maxRepeatedReadMs) : deadline)
    if (!isRepeated && this.#failure !== undefined) this.#exhaustedAt = Date.now()
  }

  async #fetchUntil(deadline: number): Promise<void> {
    if (this.#failure !== undefined && Date.now() >= deadline) return
    try {
      await retryUntil(deadline, (timeoutMs) => this.#fetchOnce(timeoutMs))
      this.#failure = undefined
    } catch (thrown) {
      const error = thrown instanceof Error ? thrown : new ExplainedError(notRead)
      this.#failure = { at: Date.now(), error }
    }
  }

  /** Concurrent callers share one request. One that is older than its timeout was pending during a freeze. */
  #fetchOnce(timeoutMs: number): Promise<void> {
    const startedAt = Date.now()
    if (this.#pending !== undefined && startedAt <= this.#pending.expiresAt) return this.#pending.response
    this.#attemptedAt = startedAt
    const { client, secretArn } = this.#options
    const response = fetchSecretText(client, secretArn, timeoutMs)
      .then((text) => this.#store(text, startedAt))
      .finally(() => {
        if (this.#pending?.response === response) this.#pending = undefined
      })
    this.#pending = { expiresAt: startedAt + timeoutMs, response }
    return response
  }

  #store(text: string, startedAt: number): void {
    // The response to an abandoned request may come after that to a newer one.
    if (startedAt < this.#fetchedAt) return
    this.#fetchedAt = startedAt
    const version = text === this.#text ? 'known' : 'new'
    if (version === 'new') this.#newest = this.#parse(text)
    this.#text = text
    if (this.#newest?.outcome === 'unusable') this.#report(this.#newest.error.message, version)
    // An unusable secret does not replace a key, but a missing key: it never permits what a key forbids.
    else this.#effective = this.#newest
    if (this.#effective?.outcome !== 'configured') this.#effective = this.#newest
  }

  #parse(text: string): SecretReading<Value> {
    try {
      const value = this.#options.parse(text)
      return value === undefined ? { outcome: 'not_configured' } : { outcome: 'configured', value }
    } catch (error) {
      // The message of any other error could contain a part of the secret.
      const isSafe = error instanceof UnusableSecretError
      return { outcome: 'unusable', error: isSafe ? error : new UnusableSecretError(notParsed) }
    }
  }

  #report(reason: string, version: 'new' | 'known'): void {
    if (version === 'known' && Date.now() - this.#remindedAt < reminderIntervalMs) return
    this.#remindedAt = Date.now()
    this.#options.reportUnusable(reason, version)
  }
}
