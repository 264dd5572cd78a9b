import { StartupError } from '@northbound/template-runner'
import { z } from 'zod'
import type { AvdConnection } from './local-options.ts'

const listPathsSchema = z.record(z.string(), z.string())

/** The values of the command-line options about the platform. */
export interface PlatformArguments {
  readonly avd?: string | undefined
  readonly 'avd-access-key'?: string | undefined
  readonly 'avd-secret-key'?: string | undefined
  readonly 'avd-list-paths'?: string | undefined
  readonly demo?: boolean | undefined
}

/** @throws StartupError if an option is missing or invalid, or two options contradict each other. */
export function readPlatformOptions(values: PlatformArguments): { avd?: AvdConnection; demo?: boolean } {
  const { avd: baseUrl, 'avd-access-key': accessKey, 'avd-secret-key': secretKey, demo } = values
  const given = [baseUrl, accessKey, secretKey, values['avd-list-paths']]
  if (given.every((value) => value === undefined)) return demo ? { demo } : {}
  if (demo) throw new StartupError('--demo simulates a platform and cannot be combined with the --avd options')
  if (!baseUrl || !accessKey || !secretKey) {
    throw new StartupError('--avd, --avd-access-key and --avd-secret-key must be given together')
  }
  if (!URL.canParse(baseUrl) || !/^https?:/.test(baseUrl)) {
    throw new StartupError(`--avd must be an http or https URL, not "${baseUrl}"`)
  }
  const listPaths = values['avd-list-paths'] === undefined ? undefined : readListPaths(values['avd-list-paths'])
  return { avd: { baseUrl, accessKey, secretKey, ...(listPaths && { listPaths }) } }
}

function readListPaths(text: string): Readonly<Record<string, string>> {
  const paths = listPathsSchema.safeParse(parseJson(text))
  if (paths.success) return paths.data
  throw new StartupError(`--avd-list-paths must be a JSON object whose values are strings, not "${text}"`)
}

/** Returns undefined for text that is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
