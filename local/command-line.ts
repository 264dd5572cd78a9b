import { parseArgs } from 'node:util'
import { StartupError } from '../packages/template-runner/src/startup-error.ts'
import type { LocalOptions } from './local-options.ts'
import { readPlatformOptions } from './platform-options.ts'

export const help = `npm start -- [options]    runs the whole system on this machine

  --port 3322             port of the API on 127.0.0.1 (0: any free one)
  --check-code-key KEY    the key that callbacks are signed with (default: none, unsigned ones are accepted)
  --api-token TOKEN       the token of the query API (default: a random one)
  --avd URL               the platform to reconcile with (default: none), as in https://192.168.3.5:7443, with
  --avd-access-key KEY      its access key and
  --avd-secret-key KEY      its secret key
  --avd-list-paths JSON   JMESPath to what its lists hold: {"rooms","room_id","users","user_id"}
  --demo                  a simulated platform instead, with rooms, people and recordings coming and going
  --sweep-seconds N       reconcile every N seconds (default: as the stack has it)
  --sweep-grace-seconds N how long something must be missing before it counts as gone (default: as the stack has it)
  --dynamodb URL          use this DynamoDB endpoint instead of the embedded one
  --context key=value     CDK context, may be repeated
  --json                  one line of JSON on standard output when ready
  --help                  this text
`

export interface StartCommand {
  readonly local: LocalOptions
  readonly json: boolean
  readonly help: boolean
}

/** @throws StartupError in one line for an option that is unknown or wrong. */
export function readCommandLine(argv: readonly string[]): StartCommand {
  const values = parse(argv)
  const port = values.port === undefined ? undefined : readPort(values.port)
  const dynamodbUrl = values.dynamodb === undefined ? undefined : readUrl(values.dynamodb)
  const checkCodeKey = values['check-code-key']
  const apiToken = values['api-token']
  const sweepSeconds = readSeconds('--sweep-seconds', values['sweep-seconds'], 1)
  const sweepGraceSeconds = readSeconds('--sweep-grace-seconds', values['sweep-grace-seconds'], 0)
  if (checkCodeKey === '') throw new StartupError('--check-code-key must not be empty')
  // It travels in a header, behind a space.
  if (apiToken !== undefined && !/^[\x21-\x7e]+$/.test(apiToken)) {
    throw new StartupError('--api-token must be of visible ASCII characters, without spaces')
  }
  return {
    local: {
      context: Object.fromEntries((values.context ?? []).map(readContextPair)),
      ...(port !== undefined && { port }),
      ...(checkCodeKey !== undefined && { checkCodeKey }),
      ...(apiToken !== undefined && { apiToken }),
      ...(dynamodbUrl !== undefined && { dynamodbUrl }),
      ...readPlatformOptions(values),
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
  throw new StartupError(`--port must be a whole number from 0 to 65535, not "${text}"`)
}

function readSeconds(option: string, text: string | undefined, least: number): number | undefined {
  if (text === undefined) return undefined
  const seconds = Number(text)
  // Node's timers go no further than 24 days.
  if (/^\d+$/.test(text) && seconds >= least && seconds <= 86_400) return seconds
  throw new StartupError(`${option} must be a whole number from ${least} to 86400, not "${text}"`)
}

function readUrl(text: string): string {
  if (URL.canParse(text) && /^https?:/.test(text)) return text
  throw new StartupError(`--dynamodb must be an http or https URL, not "${text}"`)
}

function readContextPair(text: string): [string, string] {
  const at = text.indexOf('=')
  if (at > 0) return [text.slice(0, at), text.slice(at + 1)]
  throw new StartupError(`--context must be key=value, not "${text}"`)
}
