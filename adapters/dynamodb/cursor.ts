import { InvalidCursorError } from '../../core/ports/page.ts'
import * as attributeNames from '../../names/attributes.ts'
import type { StartKey } from './query.ts'

/** Encodes a position in a list as opaque text. */
export function encodeCursor(parts: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

/** @throws InvalidCursorError if `encodeCursor` did not make the text. */
export function parseCursor(cursor: string): unknown[] {
  const text = Buffer.from(cursor, 'base64url').toString()
  try {
    const parts: unknown = JSON.parse(text)
    // Node decodes any text as base64, so a cursor is valid only if its parts encode to the same text.
    if (Array.isArray(parts) && encodeCursor(parts) === cursor) return parts
  } catch {
    // Not JSON.
  }
  throw new InvalidCursorError()
}

/** Encodes these attributes of a key. @returns null if there is no key: the list ends here. */
export function encodeKeyCursor(key: StartKey | undefined, attributes: readonly string[]): string | null {
  return key === undefined ? null : encodeCursor(attributes.map((name) => key[name]))
}

/** Key attributes that are numbers; the others are text. */
const numericAttributes: ReadonlySet<string> = new Set([attributeNames.visited])

/** @throws InvalidCursorError unless the cursor holds exactly these attributes. */
export function parseKeyCursor(cursor: string, attributes: readonly string[]): StartKey {
  const parts = parseCursor(cursor)
  if (parts.length !== attributes.length) throw new InvalidCursorError()
  const entries = attributes.map((name, index) => [name, parts[index]] as const)
  if (!entries.every(isKeyAttribute)) throw new InvalidCursorError()
  return Object.fromEntries(entries)
}

function isKeyAttribute([name, value]: readonly [string, unknown]): boolean {
  if (numericAttributes.has(name)) return Number.isSafeInteger(value)
  return typeof value === 'string' && value !== ''
}
