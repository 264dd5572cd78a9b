import { StartupError } from '@northbound/template-runner'
import { contextKeys } from '../lib/read-context.ts'
import { readSettingsFile, settingsFileName } from '../lib/settings-file.ts'
import { explainUnknownKey } from '../lib/unknown-key.ts'
import type { LocalOptions } from './local-options.ts'

/**
 * Builds the CDK context of a local run. It wins over the settings file.
 *
 * Without a check_code key, no callback can be signed, so the default is to accept unsigned callbacks.
 *
 * @throws StartupError if a key is unknown or has no effect on this machine, or Error if the settings file cannot be read.
 */
export function buildContext(options: LocalOptions): Readonly<Record<string, string>> {
  const { context: given = {}, checkCodeKey, sweepGraceSeconds } = options
  const grace = sweepGraceSeconds === undefined ? {} : { sweepGraceSeconds: String(sweepGraceSeconds) }
  const unsigned = checkCodeKey === undefined ? { allowUnsigned: 'true' } : {}
  const context: Readonly<Record<string, string>> = { ...unsigned, ...given, ...grace }
  refuseUnknownKeys(context)
  refuseExistingTables(options)
  return context
}

/** @returns the warnings that a run with this context begins with. */
export function findWarnings(
  { checkCodeKey }: Pick<LocalOptions, 'checkCodeKey'>,
  { allowUnsigned }: Readonly<Record<string, string>>,
): string[] {
  if (checkCodeKey !== undefined || allowUnsigned !== 'true') return []
  return [
    '警告：未指定 --check-code-key，任何人发送的未签名回调都会被接受',
    'WARNING: without --check-code-key, unsigned callbacks are accepted from anyone',
  ]
}

function refuseUnknownKeys(context: Readonly<Record<string, string>>): void {
  const unknown = Object.keys(context).find((key) => !contextKeys.includes(key))
  if (unknown === undefined) return
  const reason = explainUnknownKey(unknown, contextKeys)
  throw new StartupError(`context "${unknown}": ${reason}; the keys are ${contextKeys.join(', ')}`)
}

function refuseExistingTables({ context, dynamodbUrl, assembly }: LocalOptions): void {
  // An endpoint that keeps its tables can have them, and an existing assembly has its settings already.
  if (dynamodbUrl !== undefined || assembly !== undefined) return
  const given = { ...readSettingsFile(process.env.NORTHBOUND_SETTINGS_FILE), ...context }
  const key = ['existingEventLog', 'existingState'].find((name) => given[name] !== undefined)
  if (key === undefined) return
  throw new StartupError(
    `"${key}" names a table in an account, but a local run has only new ones; NORTHBOUND_SETTINGS_FILE= starts it without ${settingsFileName}`,
  )
}
