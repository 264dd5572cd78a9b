import { compile, type JSONValue, TreeInterpreter } from '@jmespath-community/jmespath'

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Finds the array at the top level or under `data`. The response may also be the array itself. */
export function findArray(response: unknown, names: readonly string[]): readonly unknown[] | undefined {
  if (Array.isArray(response)) return response
  if (!isObject(response)) return undefined
  return arrayField(response, names) ?? arrayField(response.data, names)
}

/** The first of these fields that is an array. */
export function arrayField(value: unknown, names: readonly string[]): readonly unknown[] | undefined {
  if (!isObject(value)) return undefined
  return names.map((name) => value[name]).find((field) => Array.isArray(field))
}

/** The first of these fields that is a text or a number, as text. */
export function textField(value: unknown, names: readonly string[]): string | undefined {
  if (!isObject(value)) return undefined
  return names.map((name) => toText(value[name])).find((text) => text !== undefined)
}

/** @returns undefined for an empty text, and for anything but a text or a number. */
export function toText(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return value
  return typeof value === 'number' ? String(value) : undefined
}

export function arrayAt(value: unknown, path: string): readonly unknown[] | undefined {
  const found = search(value, path)
  return Array.isArray(found) ? found : undefined
}

export function textAt(value: unknown, path: string): string | undefined {
  return toText(search(value, path))
}

/** Cached, because lists have thousands of rooms and users and each is searched with the same few paths. */
const compiledPaths = new Map<string, ReturnType<typeof compile>>()

/** @param path JMESPath */
function search(value: unknown, path: string): unknown {
  const expression = compiledPaths.get(path) ?? compile(path)
  compiledPaths.set(path, expression)
  return TreeInterpreter.search(expression, value as JSONValue)
}
