// Not part of TypeScript's library yet.
declare global {
  interface JSON {
    rawJSON(text: string): unknown
  }
}

/** More digits than a number of JavaScript keeps, or an exponent. Texts match as well, which only costs time. */
const inexactNumber = /[\d.]{16}|\d[eE]/

/**
 * Parses JSON for `JSON.stringify`, which then writes all numbers with the digits as sent. Numbers that JavaScript would round
 * are objects that only `JSON.stringify` understands.
 *
 * @throws SyntaxError if the text is not JSON, RangeError if it is nested too deeply.
 */
export function parseForOutput(text: string): unknown {
  return inexactNumber.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text)
}

function keepDigits(_key: string, value: unknown, { source }: { readonly source?: string }): unknown {
  return typeof value === 'number' && source !== undefined && String(value) !== source ? JSON.rawJSON(source) : value
}
