import { z } from 'zod'
import { StartupError } from '../packages/template-runner/src/startup-error.ts'
import type { AvdOptions } from './platform.ts'

const listPathsSchema = z.record(z.string(), z.string())

/** The options about the platform, as they were typed. */
export interface PlatformOptions {
  readonly avd?: string | undefined
  readonly 'avd-access-key'?: string | undefined
  readonly 'avd-secret-key'?: string | undefined
  readonly 'avd-list-paths'?: string | undefined
  readonly demo?: boolean | undefined
}

/** @throws StartupError in one line for what is missing, wrong or does not go together. */
export function readPlatformOptions(options: PlatformOptions): { avd?: AvdOptions; demo?: boolean } {
  const { avd: baseUrl, 'avd-access-key': accessKey, 'avd-secret-key': secretKey, demo } = options
  const given = [baseUrl, accessKey, secretKey, options['avd-list-paths']]
  if (given.every((option) => option === undefined)) return demo ? { demo } : {}
  if (demo) throw new StartupError('--demo brings its own platform: it does not go together with --avd')
  if (!baseUrl || !accessKey || !secretKey) {
    throw new StartupError('--avd, --avd-access-key and --avd-secret-key are needed all three, or none of them')
  }
  if (!URL.canParse(baseUrl) || !/^https?:/.test(baseUrl)) {
    throw new StartupError(`--avd must be an http or https URL, not "${baseUrl}"`)
  }
  const listPaths = options['avd-list-paths'] === undefined ? undefined : readListPaths(options['avd-list-paths'])
  return { avd: { baseUrl, accessKey, secretKey, ...(listPaths && { listPaths }) } }
}

function readListPaths(text: string): Readonly<Record<string, string>> {
  const paths = listPathsSchema.safeParse(parseJson(text))
  if (paths.success) return paths.data
  throw new StartupError(`--avd-list-paths must be a JSON object of texts, not "${text}"`)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
