import { compile, type JSONValue, TreeInterpreter } from '@jmespath-community/jmespath'
import { PlatformError } from './http.ts'

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Reads an id. Ids are exact: integers beyond 2^53 are texts already (`parseExactJson`).
 *
 * @returns undefined for a text that is empty or blank, and for anything but a text or an integer.
 */
export function toId(value: unknown): string | undefined {
  if (typeof value === 'string' && value.trim() !== '') return value
  return Number.isSafeInteger(value) ? String(value) : undefined
}

/** @returns undefined for an empty text, and for anything but a text or a number. */
export function toText(value: unknown): string | undefined {
  if (typeof value === 'string' && value.trim() !== '') return value
  return typeof value === 'number' ? String(value) : undefined
}

/** Cached, because lists have thousands of rooms and users and each is searched with the same few paths. */
const compiledPaths = new Map<string, ReturnType<typeof compile>>()

/** @param path JMESPath @throws PlatformError 'unrecognised' if the expression does not fit the value. */
export function search(value: unknown, path: string): unknown {
  const expression = compiledPaths.get(path) ?? compile(path)
  compiledPaths.set(path, expression)
  try {
    return TreeInterpreter.search(expression, value as JSONValue)
  } catch (error) {
    // A function whose argument is missing or has another type.
    const message = error instanceof Error ? error.message : String(error)
    throw new PlatformError('unrecognised', {
      english: `list_paths (${path}): ${message}`,
      chinese: `list_paths（${path}）与响应不符：${message}`,
    })
  }
}

export function isJmesPath(path: string): boolean {
  try {
    compile(path)
    return true
  } catch {
    return false
  }
}

/** The names in a JMESPath expression, such as `data` and `total` in `data.total`. */
export function namesIn(path: string): readonly string[] {
  return path.match(/[\p{L}_][\p{L}\p{N}_-]*/gu) ?? []
}
