import { InvalidCursorError } from '../../core/ports/page.ts'
import { hash } from '../../core/state/hash.ts'

/**
 * Names a list with everything that its items depend on, such as the room and the interval, so that a cursor of another list is
 * refused: it would leave out items.
 */
export function identifyList(name: string, scope: Readonly<Record<string, string | number | undefined>>): string {
  return `${name}-${hash(JSON.stringify(scope)).toString(36)}`
}

/** Encodes where a list that is computed here continues, as opaque text. `list`: see `identifyList`. */
export function encodePosition(list: string, parts: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify([list, ...parts])).toString('base64url')
}

/** @throws InvalidCursorError unless `encodePosition` made the text for this list. */
export function parsePosition(cursor: string, list: string): unknown[] {
  try {
    const decoded: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString())
    if (Array.isArray(decoded) && decoded[0] === list) {
      const parts = decoded.slice(1)
      // Node decodes any text as base64, so a cursor is valid only if its parts encode to the same text.
      if (encodePosition(list, parts) === cursor) return parts
    }
  } catch {
    // Not JSON.
  }
  throw new InvalidCursorError()
}
