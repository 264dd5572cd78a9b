// The type of the parameter `context` is not part of TypeScript's library yet.
declare global {
  interface JSON {
    parse(
      text: string,
      reviver: (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown,
    ): unknown
  }
}

/** A number of at least 16 digits that is not a text. A few digits inside texts match as well, which only costs time. */
const longInteger = /(?<!["\d])\d{16}/

/**
 * Parses JSON. Integers beyond 2^53 become texts with the digits as sent, so that ids stay exact.
 *
 * @returns undefined if the text is not JSON.
 */
export function parseExactJson(text: string): unknown {
  const content = text.replace(/^\uFEFF/, '')
  try {
    // The reviver is slow, and most lists do not need it.
    return longInteger.test(content) ? JSON.parse(content, keepDigits) : JSON.parse(content)
  } catch {
    return undefined
  }
}

function keepDigits(_key: string, value: unknown, { source }: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value
  return source !== undefined && /^-?\d+$/.test(source) ? source : value
}
