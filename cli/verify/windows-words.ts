/**
 * Splits a command line of cmd.exe into words, as programs on Windows do: backslashes are special before a quotation mark only, and
 * two quotation marks within a pair are one.
 *
 * @returns undefined if a quotation mark is not closed.
 */
export function splitWindowsWords(line: string): string[] | undefined {
  const words: string[] = []
  let word: string | undefined
  let isQuoted = false
  for (const [token] of removeCarets(line).matchAll(/\\+"|"|\s+|[^\s"\\]+|\\+/g)) {
    if (/^\s/.test(token) && !isQuoted) {
      if (word !== undefined) words.push(word)
      word = undefined
      continue
    }
    word ??= ''
    const slashes = token.endsWith('"') ? token.length - 1 : 0
    if (!token.endsWith('"')) word += token
    else if (slashes % 2 === 1) word += `${'\\'.repeat((slashes - 1) / 2)}"`
    else {
      word += '\\'.repeat(slashes / 2)
      isQuoted = !isQuoted
    }
  }
  if (word !== undefined) words.push(word)
  return isQuoted ? undefined : words
}

/** Stands for two quotation marks within a pair, which are escaped for the next step. */
const escapedQuote = '\\"'

/** What cmd.exe passes on: `^` takes the next character as it is, except between quotation marks, and `%%` is `%`. */
function removeCarets(line: string): string {
  let isQuoted = false
  return line.replace(/\^\r?\n(\r?\n)?|\^([\s\S])|%%|\\"|""?/g, (part: string, lineEnd?: string, escaped?: string) => {
    if (part === '%%') return '%'
    if (part === '""' && isQuoted) return escapedQuote
    if (part === '"') isQuoted = !isQuoted
    if (!part.startsWith('^')) return part
    if (escaped === undefined) return lineEnd ?? ''
    // Some browsers also put `^` before `&` between quotation marks.
    return isQuoted && escaped !== '&' ? part : escaped
  })
}
