/** A message of the alert topic, for programs and for people (docs/contract.md, section 7). */
export type Alert = {
  /** The JSON that programs receive: queues, functions, HTTP endpoints. */
  readonly payload: { readonly kind: string } & Readonly<Record<string, unknown>>
  /** ASCII, fewer than 100 characters. */
  readonly subject: string
  readonly email: string
  /** One text message of at most `maxSmsLength` characters. */
  readonly sms: string
}

/**
 * A text message with characters outside the GSM alphabet holds 70 UTF-16 code units. SNS prefixes it with the display
 * name of the topic, "AVD> ".
 */
export const maxSmsLength = 70 - 'AVD> '.length
/** SNS requires fewer than 100 characters. */
export const maxSubjectLength = 99

/**
 * Replaces characters that a terminal or a mail program would interpret: control characters, line and paragraph
 * separators, direction marks, and lone surrogates. The result is one line.
 */
export function toPrintable(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cn}\p{Co}\uFFFD]/gu, '?')
}

/** Truncates to `maxLength` UTF-16 code units, including `mark`, without splitting a character. */
export function truncate(text: string, maxLength: number, mark = '…'): string {
  if (text.length <= maxLength) return text
  let truncated = ''
  for (const character of text) {
    if (truncated.length + character.length + mark.length > maxLength) break
    truncated += character
  }
  return `${truncated}${mark}`
}

/** Keeps the end of a text: the last `maxLength` UTF-16 code units, including `mark`. Does not split a character. */
export function truncateStart(text: string, maxLength: number, mark = '…'): string {
  if (text.length <= maxLength) return text
  return `${mark}${text.slice(text.length - maxLength + mark.length).replace(/^[\uDC00-\uDFFF]/, '')}`
}

/** Converts to a subject that SNS accepts: printable ASCII without leading white space. */
export function toAsciiSubject(text: string): string {
  const ascii = toPrintable(text).replace(/[^ -~]/gu, '?')
  return truncate(ascii.trimStart(), maxSubjectLength, '...')
}

/** The local time in a time zone: `2026-11-24 22:05:03`. */
export function formatWallClock(at: number, timeZone: string): string {
  // The Swedish locale uses the ISO 8601 format.
  return new Date(at).toLocaleString('sv-SE', { timeZone })
}

/** The local time of day in a time zone: `22:05`. */
export function formatClock(at: number, timeZone: string): string {
  return formatWallClock(at, timeZone).slice(11, 16)
}

/** The Chinese text, a line, and the English text. */
export function bilingualEmail(chinese: readonly string[], english: readonly string[]): string {
  return `${[...chinese, '', '--------', ...english].join('\n')}\n`
}
