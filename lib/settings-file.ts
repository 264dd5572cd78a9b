import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { findSyntaxError } from './json-syntax-error.ts'

/** The file beside `cdk.json` that keeps the settings of an installation (docs/contract.md, section 2). */
export const settingsFileName = 'northbound.json'

const defaultPath = fileURLToPath(new URL(`../${settingsFileName}`, import.meta.url))

/** Why a file cannot be read, by the code of the error. */
const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EISDIR: 'is a folder; it must be a file',
  EACCES: 'cannot be read: permission denied',
  EPERM: 'cannot be read: permission denied',
}

/** Values by key, not yet validated. */
export type GivenSettings = Readonly<Record<string, unknown>>

/**
 * Reads the settings file.
 *
 * @param path of another file; empty: no file is read. Default: `northbound.json` beside `cdk.json`, which may be absent.
 * @throws Error in one line if the file cannot be read or is not a JSON object.
 */
export function readSettingsFile(path?: string): GivenSettings {
  if (path === '') return {}
  let bytes: Buffer
  try {
    bytes = readFileSync(path ?? defaultPath)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (path === undefined && code === 'ENOENT') return {}
    throw new Error(`${path ?? settingsFileName} ${reasons[code] ?? `cannot be read (${code || String(error)})`}`)
  }
  return parseSettingsFile(bytes, path ?? settingsFileName)
}

/**
 * Parses the content of a settings file. A byte-order mark is ignored, and so is a key with the value `null`.
 *
 * @param name of the file, for error messages.
 * @throws Error in one line that states the position of a syntax error.
 */
export function parseSettingsFile(bytes: Uint8Array, name: string = settingsFileName): GivenSettings {
  const text = decode(bytes, name)
  const syntaxError = findSyntaxError(text)
  if (syntaxError !== undefined) throw new Error(`${name}, ${syntaxError}`)
  const content: unknown = JSON.parse(text)
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw new Error(`${name} must contain a JSON object, like {"alertEmails": ["ops@example.com"]}`)
  const repeated = findRepeatedKey(text)
  if (repeated !== undefined) throw new Error(`${name} contains ${repeated} twice`)
  return Object.fromEntries(Object.entries(content).filter(([, value]) => value !== null))
}

function decode(bytes: Uint8Array, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new Error(`${name} is not UTF-8 text; save it as UTF-8`)
  }
}

/** JSON.parse keeps the last of equal keys. Nested keys are not settings. */
function findRepeatedKey(json: string): string | undefined {
  const keys: string[] = []
  let depth = 0
  for (const [token, text, colon] of json.matchAll(/("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]/g)) {
    if (text === undefined) depth += '{['.includes(token) ? 1 : -1
    else if (colon !== undefined && depth === 1) keys.push(text)
  }
  return keys.find((key, index) => keys.indexOf(key) !== index)
}
