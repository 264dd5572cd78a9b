import { InvalidCursorError } from '../../core/ports/page.ts'

/** Where a list goes on, as text that means nothing to whoever gets it. */
export function encodeCursor(parts: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url')
}

/** @throws InvalidCursorError where it was not one of ours. */
export function partsOf(cursor: string): unknown[] {
  const text = Buffer.from(cursor, 'base64url').toString()
  try {
    const parts: unknown = JSON.parse(text)
    // Base64 reads anything; only what gives itself again was ours.
    if (Array.isArray(parts) && encodeCursor(parts) === cursor) return parts
  } catch {
    // Falls through: not JSON.
  }
  throw new InvalidCursorError()
}
