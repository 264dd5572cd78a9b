import { usageError } from '../cli-error.ts'
import { splitWindowsWords } from './windows-words.ts'

/** One part of a word at the current position. Exactly one group takes part. */
const bashPart =
  /(?<joined>\\\r?\n)|'(?<single>[^']*)'|\$'(?<ansi>[^'\\]*(?:\\[\s\S][^'\\]*)*)'|\$?"(?<double>[^"\\]*(?:\\[\s\S][^"\\]*)*)"|\\(?<escaped>[\s\S])|(?<blank>\s+)|(?<plain>[^\s'"\\$]+|\$)/y
const powershellPart =
  /(?<joined>`\r?\n)|'(?<single>[^']*(?:''[^']*)*)'|"(?<double>[^"`]*(?:(?:`[\s\S]|"")[^"`]*)*)"|`(?<escaped>[\s\S])|(?<blank>\s+)|(?<plain>[^\s'"`]+)/y

/** Words without quotation marks that end the command, such as `|` and `2>&1`. */
const commandEnd = /^(\|\|?|&&?|;|\d?>{1,2}.*)$/

/**
 * Splits a command line as bash, cmd.exe or PowerShell would, whichever it was written for. Variables are not replaced, and a `&`
 * without quotation marks within a word is a character: it belongs to a URL.
 *
 * @throws CliError if a quotation mark is not closed.
 */
export function splitWords(line: string): string[] {
  const shell = detectShell(line)
  const words =
    shell === 'cmd'
      ? splitWindowsWords(line)
      : shell === 'powershell'
        ? splitByParts(line, powershellPart, readPowershellQuoted)
        : splitByParts(line, bashPart, readBashQuoted)
  if (words !== undefined) return words
  throw usageError({ en: 'a quotation mark of the command is not closed', zh: '命令中的引号没有闭合' })
}

function detectShell(line: string): 'bash' | 'cmd' | 'powershell' {
  if (/`\r?\n/.test(line) || /^\s*(PS [^>]*>\s*)?curl\.exe\s[^"]*'/i.test(line)) return 'powershell'
  // Other shells do not have single quotation marks.
  if (/\\\r?\n|\s(-\w+)?\$?'/.test(line)) return 'bash'
  return /\^\r?\n|\s\^"|\^&|%%[0-9a-f]{2}/i.test(line) ? 'cmd' : 'bash'
}

type Quoted = { readonly kind: 'single' | 'ansi' | 'double'; readonly text: string }

/** @returns undefined if a quotation mark is not closed. */
function splitByParts(line: string, part: RegExp, readQuoted: (quoted: Quoted) => string): string[] | undefined {
  const words: string[] = []
  let word: string | undefined
  let isQuoted = false
  for (let at = 0; at < line.length; at = part.lastIndex) {
    part.lastIndex = at
    const groups = part.exec(line)?.groups
    if (groups === undefined) return undefined
    const { joined, blank, plain, escaped } = groups
    if (joined !== undefined) continue
    if (blank !== undefined) {
      if (word !== undefined && !isQuoted && commandEnd.test(word)) return words
      if (word !== undefined) words.push(word)
      word = undefined
      isQuoted = false
      continue
    }
    const literal = plain ?? escaped
    isQuoted ||= literal === undefined
    word = (word ?? '') + (literal ?? readQuoted(findQuoted(groups)))
  }
  return word === undefined ? words : [...words, word]
}

function findQuoted({ single, ansi, double = '' }: Record<string, string | undefined>): Quoted {
  if (single !== undefined) return { kind: 'single', text: single }
  return ansi === undefined ? { kind: 'double', text: double } : { kind: 'ansi', text: ansi }
}

function readBashQuoted({ kind, text }: Quoted): string {
  if (kind === 'single') return text
  if (kind === 'double') return text.replace(/\\\r?\n/g, '').replace(/\\(["\\$`])/g, '$1')
  const bytes = text.replace(ansiPart, (plain: string, sequence?: string) => readAnsiEscape(sequence) ?? toBytes(plain))
  return Buffer.from(bytes, 'latin1').toString()
}

const ansiPart = /\\(x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|U[0-9a-fA-F]{1,8}|[0-7]{1,3}|[\s\S])|[^\0-\x7f]+/g
const ansiCharacters: Readonly<Record<string, string>> = {
  ...{ n: '\n', r: '\r', t: '\t', a: '\x07', b: '\b', e: '\x1b', E: '\x1b', f: '\f', v: '\v' },
}

/** Reads what follows a backslash in `$'…'`, as bytes of UTF-8, one character each. */
function readAnsiEscape(sequence: string | undefined): string | undefined {
  if (sequence === undefined) return undefined
  if (/^x./.test(sequence)) return String.fromCharCode(Number.parseInt(sequence.slice(1), 16))
  if (/^u./i.test(sequence)) return toBytes(toCharacter(Number.parseInt(sequence.slice(1), 16)))
  if (/^[0-7]/.test(sequence)) return String.fromCharCode(Number.parseInt(sequence, 8) & 0xff)
  return ansiCharacters[sequence] ?? toBytes(sequence)
}

function toCharacter(codePoint: number): string {
  return codePoint > 0x10ffff ? '\uFFFD' : String.fromCodePoint(codePoint)
}

function toBytes(text: string): string {
  return Buffer.from(text).toString('latin1')
}

function readPowershellQuoted({ kind, text }: Quoted): string {
  if (kind === 'single') return text.replaceAll("''", "'")
  const characters: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', 0: '\0' }
  return text.replace(/`([\s\S])|""/g, (_all, escaped?: string) =>
    escaped === undefined ? '"' : (characters[escaped] ?? escaped),
  )
}
