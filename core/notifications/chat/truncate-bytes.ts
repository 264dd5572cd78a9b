const encoder = new TextEncoder()
const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' })
const quotationMarkBytes = 2

/**
 * The length of a text within a JSON string in UTF-8, bytes: quotation marks, backslashes and line ends take two. DingTalk and Feishu
 * limit the whole request. WeCom limits the text alone, which is never longer.
 */
export function countBytes(text: string): number {
  return encoder.encode(JSON.stringify(text)).length - quotationMarkBytes
}

/**
 * Truncates to `maxBytes` (see `countBytes`), including `mark`, without splitting a character: neither a surrogate pair nor a
 * character with combining marks, unless that alone is too long.
 */
export function truncateBytes(text: string, maxBytes: number, mark: string): string {
  if (countBytes(text) <= maxBytes) return text
  const available = maxBytes - countBytes(mark)
  // A character has at least one byte, so nothing beyond this prefix can fit.
  const prefix = text.slice(0, available + 1).toWellFormed()
  let bytes = 0
  let end = 0
  for (const { segment, index } of graphemes.segment(prefix)) {
    bytes += countBytes(segment)
    if (bytes > available) break
    end = index + segment.length
  }
  return `${prefix.slice(0, end)}${mark}`
}
