/** What the alert topic carries: one thing that happened, for programs and for people (contract, section 7). */
export type Alert = {
  /** For programs, and so for queues and functions: JSON. */
  readonly payload: { readonly kind: string } & Readonly<Record<string, unknown>>
  /** For filter policies. No value is empty. */
  readonly attributes: Readonly<Record<string, string>>
  /** ASCII, less than 100 characters. */
  readonly subject: string
  readonly email: string
  /** One message of at most `maxSmsLength` characters. */
  readonly sms: string
}

/**
 * A text message with a character outside of GSM's own alphabet holds 70 (UTF-16 units). SNS puts the display name of
 * the topic before it, "AVD> ", which counts.
 */
export const maxSmsLength = 70 - 'AVD> '.length
/** SNS: less than 100 characters. */
const maxSubjectLength = 99

/**
 * The text on one line, without what a terminal or a mail program would act on: control characters, line and paragraph
 * separators, marks that turn the direction of writing, halves of surrogate pairs.
 */
export function toPrintable(text: string): string {
  return text.toWellFormed().replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cn}\p{Co}\uFFFD]/gu, '?')
}

/** At most so many UTF-16 units, whole characters; `mark` stands for what was cut off. */
export function truncate(text: string, longest: number, mark = '…'): string {
  if (text.length <= longest) return text
  let kept = ''
  for (const character of text) {
    if (kept.length + character.length + mark.length > longest) break
    kept += character
  }
  return `${kept}${mark}`
}

/** As SNS wants a subject: toPrintable ASCII, not beginning with a blank. */
export function toAsciiSubject(text: string): string {
  const ascii = toPrintable(text).replace(/[^ -~]/gu, '?')
  return truncate(ascii.trimStart(), maxSubjectLength, '...')
}

/** The moment as a clock in that zone shows it: `2026-11-24 22:05:03`. */
export function formatWallClock(at: number, timeZone: string): string {
  // Sweden writes dates as ISO 8601 does.
  return new Date(at).toLocaleString('sv-SE', { timeZone })
}
