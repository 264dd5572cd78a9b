import { parseArgs } from 'node:util'
import { StartupError } from '@northbound/template-runner'
import { readHistoryOption } from './history-option.ts'
import type { LocalOptions } from './local-options.ts'
import { readPlatformOptions } from './platform-options.ts'

export const help = `npm start -- [options]    runs the whole system on this machine

  --port 3322             port of the API on 127.0.0.1; 0 selects a free port
  --check-code-key KEY    key that callbacks are signed with (default: none; unsigned callbacks are accepted)
  --api-token TOKEN       token of the query API (default: random)
  --avd URL               platform to reconcile with, such as https://192.168.3.5:7443 (default: none); requires
  --avd-access-key KEY      its access key and
  --avd-secret-key KEY      its secret key
  --avd-list-paths JSON   JMESPath expressions that read its lists: {"rooms","room_id","users","user_id","total","success"}
  --demo                  simulate a platform with rooms, users and recordings, and reconcile with it
  --history weeks=N       start with N weeks (1 to 8) of the lessons and meetings of a simulated school with 200 people
  --sweep-seconds N       reconcile every N seconds (default: the schedule of the stack)
  --sweep-grace-seconds N correct rooms and users that are missing for N seconds (default: the setting of the stack)
  --dynamodb URL          DynamoDB endpoint to use instead of the embedded engine
  --context key=value     setting that wins over northbound.json; may be repeated
  --json                  print one line of JSON on standard output when ready
  --help                  print this text
`

export interface StartCommand {
  readonly local: LocalOptions
  readonly json: boolean
  readonly help: boolean
}

/** @throws StartupError if an option is unknown or invalid. */
export function readCommandLine(argv: readonly string[]): StartCommand {
  const values = parse(argv)
  const port = values.port === undefined ? undefined : readPort(values.port)
  const dynamodbUrl = values.dynamodb === undefined ? undefined : readUrl(values.dynamodb)
  const checkCodeKey = values['check-code-key']
  const apiToken = values['api-token']
  const sweepSeconds = readSeconds('--sweep-seconds', values['sweep-seconds'], 1)
  const sweepGraceSeconds = readSeconds('--sweep-grace-seconds', values['sweep-grace-seconds'], 0)
  if (checkCodeKey === '') throw new StartupError('--check-code-key must not be empty')
  // Clients send the token in the header `Authorization: Bearer <token>`.
  if (apiToken !== undefined && !/^[\x21-\x7e]+$/.test(apiToken)) {
    throw new StartupError('--api-token must consist of visible ASCII characters without spaces')
  }
  return {
    local: {
      context: Object.fromEntries((values.context ?? []).map(readContextPair)),
      ...(port !== undefined && { port }),
      ...(checkCodeKey !== undefined && { checkCodeKey }),
      ...(apiToken !== undefined && { apiToken }),
      ...(dynamodbUrl !== undefined && { dynamodbUrl }),
      ...readPlatformOptions(values),
      ...readHistoryOption(values),
      ...(sweepSeconds !== undefined && { sweepSeconds }),
      ...(sweepGraceSeconds !== undefined && { sweepGraceSeconds }),
    },
    json: values.json ?? false,
    help: values.help ?? false,
  }
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      strict: true,
      allowPositionals: false,
      options: {
        port: { type: 'string' },
        'check-code-key': { type: 'string' },
        'api-token': { type: 'string' },
        dynamodb: { type: 'string' },
        avd: { type: 'string' },
        'avd-access-key': { type: 'string' },
        'avd-secret-key': { type: 'string' },
        'avd-list-paths': { type: 'string' },
        demo: { type: 'boolean' },
        history: { type: 'string' },
        'sweep-seconds': { type: 'string' },
        'sweep-grace-seconds': { type: 'string' },
        context: { type: 'string', multiple: true },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values
  } catch (error) {
    throw new StartupError(`${error instanceof Error ? error.message : String(error)} (see --help)`)
  }
}

function readPort(text: string): number {
  const port = Number(text)
  if (/^\d+$/.test(text) && port <= 65_535) return port
  throw new StartupError(`--port must be an integer from 0 to 65535, not "${text}"`)
}

function readSeconds(option: string, text: string | undefined, min: number): number | undefined {
  if (text === undefined) return undefined
  const seconds = Number(text)
  // A day is well within the 24 days that Node's timers can hold.
  if (/^\d+$/.test(text) && seconds >= min && seconds <= 86_400) return seconds
  throw new StartupError(`${option} must be an integer from ${min} to 86400, not "${text}"`)
}

function readUrl(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text
  throw new StartupError(`--dynamodb must be an http or https URL, not "${text}"`)
}

function readContextPair(text: string): [string, string] {
  const separator = text.indexOf('=')
  if (separator > 0) return [text.slice(0, separator), text.slice(separator + 1)]
  throw new StartupError(`--context must have the form key=value, not "${text}"`)
}
