/**
 * Control characters, direction marks, blanks without a width, and halves of characters. A joiner is part of emoji and of
 * some scripts.
 */
const invisible = /[\p{Cc}\p{Cs}\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/gu

/** Letters of scripts that are written from right to left. */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u

export type TextPart = { readonly text: string } | { readonly code: string }

/**
 * A text from outside as part of a title, which cannot have elements: if it is written from right to left, it is isolated
 * by Unicode's own characters for that.
 */
export function isolate(text: string): string {
  const visible = splitInvisible(text).map((part) => ('text' in part ? part.text : part.code))
  return rightToLeft.test(text) ? `\u2068${visible.join('')}\u2069` : visible.join('')
}

/** Splits a text into what can be seen and the codes of what cannot, such as `U+202E`. */
export function splitInvisible(text: string): TextPart[] {
  const parts: TextPart[] = []
  let end = 0
  for (const match of text.matchAll(invisible)) {
    if (match.index > end) parts.push({ text: text.slice(end, match.index) })
    parts.push({ code: `U+${match[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}` })
    end = match.index + match[0].length
  }
  if (end < text.length) parts.push({ text: text.slice(end) })
  return parts
}
