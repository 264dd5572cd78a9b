/** Characters that are shown of a text. */
const maxShownLength = 2_000

/** Characters that a terminal acts on or does not show: controls, formats, unpaired surrogates, line separators. */
const invisible = /[\p{C}\p{Zl}\p{Zp}]/gu

/** Makes a text from outside safe for a terminal: one line, without control characters, and not too long. */
export function showText(text: string): string {
  const shown =
    text.length > maxShownLength ? `${text.slice(0, maxShownLength).toWellFormed()}… (${text.length})` : text
  return shown.replace(invisible, escapeCharacter)
}

function escapeCharacter(character: string): string {
  const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }
  const code = character.codePointAt(0) ?? 0
  return short[character] ?? `\\u${code > 0xffff ? `{${code.toString(16)}}` : code.toString(16).padStart(4, '0')}`
}
