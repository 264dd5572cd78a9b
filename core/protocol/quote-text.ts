/** Characters of a name in a message. */
export const maxQuotedLength = 40

/** Quotes the start of a text that a sender chose, for a message of one line. Quotes and control characters in it are escaped. */
export function quoteText(text: string, maxLength = maxQuotedLength): string {
  return JSON.stringify(text.slice(0, maxLength))
}
