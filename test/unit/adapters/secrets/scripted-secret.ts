import { expect, vi } from 'vitest'
import type { AwsJsonClient } from '../../../../adapters/aws-json/client.ts'
import { parseCheckCodeSecret } from '../../../../adapters/secrets/key-secrets.ts'
import { createSecretReader } from '../../../../adapters/secrets/secret-reader.ts'

/** The service does not respond. */
export const silence = Symbol('silence')

type Response = string | Error | typeof silence

/** @param respond what the service responds to each request, given its number. */
export function createReader(respond: (request: number) => Response) {
  const reports: [reason: string, version: string][] = []
  const requestedAt: number[] = []
  const parsed: string[] = []
  const startedAt = Date.now()
  let response = respond
  const client: AwsJsonClient = async (target, input, signal) => {
    expect([target, input]).toEqual(['secretsmanager.GetSecretValue', { SecretId: 'arn:secret' }])
    requestedAt.push(Date.now() - startedAt)
    const result = response(requestedAt.length)
    if (result instanceof Error) throw result
    if (typeof result === 'string') return { SecretString: result }
    return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('aborted'))))
  }
  const reader = createSecretReader({
    client,
    secretArn: 'arn:secret',
    parse: (text) => {
      parsed.push(text)
      return parseCheckCodeSecret(text)
    },
    reportUnusable: (reason, version) => reports.push([reason, version]),
  })
  return {
    reports,
    requestedAt,
    parsed,
    /** From now on the service responds like this. */
    setResponse: (next: Response) => {
      response = () => next
    },
    read: (budgetMs = 1900) => settle(reader.read(Date.now() + budgetMs)),
    recall: () => reader.recall(),
    refresh: (budgetMs = 1900) => settle(reader.refresh(Date.now() + budgetMs)),
  }
}

/** Lets the time pass until the promise is settled. @returns its result, and how long it took. */
export async function settle<Result extends object>(
  promise: Promise<Result>,
): Promise<Result & { readonly ms: number }> {
  const startedAt = Date.now()
  let ms: number | undefined
  const timed = promise.finally(() => {
    ms = Date.now() - startedAt
  })
  while (ms === undefined) await vi.advanceTimersByTimeAsync(10)
  return { ...(await timed), ms }
}

/** The environment is frozen: the clock goes on, and nothing happens. */
export const freeze = (ms: number) => vi.setSystemTime(Date.now() + ms)

export const configured = (...value: string[]) => expect.objectContaining({ outcome: 'configured', value })
