import { CliError } from '../cli-error.ts'

export interface HttpResult {
  readonly status: number
  /** The parsed JSON; undefined if the body is not JSON. */
  readonly body: unknown
  /** The header `Date`, in ms since 1970. It has whole seconds. */
  readonly serverTime: number | undefined
  /** This machine's time half way between request and response, in ms since 1970. */
  readonly localTime: number
  /** ms */
  readonly duration: number
}

/** ms for one request: as long as API Gateway may take, and a cold start. */
const requestTimeoutMs = 20_000

/** There is no response from an address. */
export class UnreachableError extends CliError {
  override name = 'UnreachableError'
}

/** Makes a request. @throws UnreachableError */
export async function request(url: URL, signal: AbortSignal, init: RequestInit = {}): Promise<HttpResult> {
  const startedAt = Date.now()
  try {
    const either = AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)])
    const response = await fetch(url, { ...init, signal: either, redirect: 'manual' })
    const text = await response.text()
    const duration = Date.now() - startedAt
    const date = Date.parse(response.headers.get('date') ?? '')
    return {
      status: response.status,
      body: parseJson(text),
      serverTime: Number.isNaN(date) ? undefined : date,
      localTime: startedAt + duration / 2,
      duration,
    }
  } catch (error) {
    signal.throwIfAborted()
    const cause = describeCause(error)
    throw new UnreachableError({
      en: `no response from ${url.origin}: ${cause}`,
      zh: `${url.origin} 没有响应：${cause}`,
    })
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function describeCause(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { cause } = error
  return cause instanceof Error && cause.message !== '' ? cause.message : error.message
}
