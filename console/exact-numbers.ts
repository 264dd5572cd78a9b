// Not part of TypeScript's library yet, and not of every browser.
declare global {
  interface JSON {
    parse(
      text: string,
      reviver: (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown,
    ): unknown
    rawJSON(text: string): unknown
  }
}

/** A number of more digits than JavaScript keeps, or with an exponent. Only files of recordings have such numbers. */
const inexactNumber = /[:[,]\s*-?(?:[\d.]{16}|[\d.]+e)/i

/**
 * Parses a response. Numbers that JavaScript would round are objects that `JSON.stringify` writes with the digits of the
 * response; in older browsers they are rounded.
 */
export function parseResponse(text: string): unknown {
  return inexactNumber.test(text) && 'rawJSON' in JSON ? JSON.parse(text, keepDigits) : JSON.parse(text)
}

function keepDigits(_key: string, value: unknown, { source }: { readonly source?: string }): unknown {
  return typeof value === 'number' && source !== undefined && String(value) !== source ? JSON.rawJSON(source) : value
}
