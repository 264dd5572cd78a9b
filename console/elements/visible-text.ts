/** Control characters, direction marks, and blanks without a width. A joiner is part of emoji and of some scripts. */
const invisible = /[\p{Cc}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/gu

export type TextPart = { readonly text: string } | { readonly code: string }

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
