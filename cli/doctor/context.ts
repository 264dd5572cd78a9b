import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { parseApiTokenSecret, parseCheckCodeSecret } from '../../adapters/secrets/key-secrets.ts'
import * as paths from '../../names/paths.ts'
import { isLoopback } from '../callback-url.ts'
import { CliError } from '../cli-error.ts'
import type { Installation } from '../installation.ts'
import { type QueryApi, queryApi } from './query-api.ts'
import { type StackFacts, stackFacts } from './stack-facts.ts'

/** What is known of a deployed stack or a local run. */
export interface StackAccess {
  readonly installation: Installation
  readonly facts: StackFacts
  /** Whether it is a local run, in which some things may be missing. */
  readonly isLocal: boolean
  /** Reads the text of a secret. */
  readSecret(secretArn: string, signal: AbortSignal): Promise<string>
}

export interface DoctorContext {
  readonly api: QueryApi
  readonly callbackUrl: URL
  /** Undefined if only the API and its token are known. */
  readonly stack: StackAccess | undefined
  readonly isLocal: boolean
  /** Returns the key to sign the probe with, or undefined if no key is available. */
  readKey(signal: AbortSignal): Promise<string | undefined>
  readonly now: () => number
}

export interface ContextOptions {
  readonly installation: Installation | undefined
  /** Of the API, if there is no installation. */
  readonly url: URL | undefined
  readonly token: string | undefined
  readonly key: string | undefined
}

export function createContext({ installation, url, token, key }: ContextOptions): DoctorContext {
  const apiUrl = url ?? new URL(installation?.output('ApiUrl') ?? '')
  const stack = installation && accessStack(installation, isLoopback(apiUrl.hostname))
  const callbackUrl = new URL(stack === undefined ? paths.callbacks : stack.installation.output('CallbackUrl'), apiUrl)
  return {
    api: queryApi(apiUrl, async () => token ?? readToken(stack)),
    callbackUrl,
    stack,
    isLocal: isLoopback(apiUrl.hostname),
    async readKey(signal) {
      if (key !== undefined || stack === undefined) return key
      const text = await stack.readSecret(stack.installation.output('CheckCodeSecretArn'), signal)
      return parseCheckCodeSecret(text)?.[0]
    },
    now: Date.now,
  }
}

function accessStack(installation: Installation, isLocal: boolean): StackAccess {
  const secrets = new SecretsManagerClient(installation.clients)
  return {
    installation,
    facts: stackFacts(installation),
    isLocal,
    async readSecret(secretArn, abortSignal) {
      const command = new GetSecretValueCommand({ SecretId: secretArn })
      const { SecretString, SecretBinary } = await secrets.send(command, { abortSignal })
      return SecretString ?? Buffer.from(SecretBinary ?? []).toString('utf8')
    },
  }
}

async function readToken(stack: StackAccess | undefined): Promise<string> {
  const [token] =
    stack === undefined
      ? []
      : (parseApiTokenSecret(
          await stack.readSecret(stack.installation.output('ApiTokenSecretArn'), new AbortController().signal),
        ) ?? [])
  if (token !== undefined) return token
  throw new CliError({ en: 'the API token is not known: give --token', zh: '缺少 API 令牌：请指定 --token' })
}
