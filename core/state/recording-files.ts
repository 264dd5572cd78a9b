import { parseJson } from '../protocol/parse-json.ts'

/** UTF-8 bytes. Longer file lists are truncated, because they must fit into one item. The log keeps them in full. */
const maxFilesBytes = 65_536
/** Lists nested more deeply are not taken for the list of files. */
const maxListDepth = 8

/**
 * Truncates the file information of a recording if it is too long. A JSON list, or a list inside a JSON object, is cut after
 * a whole entry and stays valid JSON. Any other text is cut at the limit.
 */
export function truncateFiles(text: string): { readonly files: string; readonly isTruncated: boolean } {
  if (Buffer.byteLength(text) <= maxFilesBytes) return { files: text, isTruncated: false }
  return { files: truncateJson(text) ?? truncateText(text, maxFilesBytes), isTruncated: true }
}

/** @returns undefined if the text is not JSON, or if not even the first entry of a list fits. */
function truncateJson(text: string): string | undefined {
  if (parseJson(text) === undefined) return undefined
  const maxLength = truncateText(text, maxFilesBytes - maxListDepth).length
  const closers: string[] = []
  /** Number of brackets open inside the list; 0 outside lists. */
  let listDepth = 0
  let cut: string | undefined
  let end = 0
  // Strings are skipped as a whole, because they may contain brackets and commas.
  for (const { 0: token, index } of text.slice(0, maxLength).matchAll(/"(?:[^"\\]|\\.)*"|[[\]{},]/g)) {
    if (token === '[' || token === '{') {
      closers.push(token === '[' ? ']' : '}')
      if (token === '[' && listDepth === 0 && closers.length <= maxListDepth) listDepth = closers.length
    } else if (token === ']' || token === '}') {
      if (closers.length === listDepth) listDepth = 0
      closers.pop()
    } else if (token === ',' && closers.length === listDepth) {
      end = index
      cut = closers.toReversed().join('')
    }
  }
  return cut === undefined ? undefined : text.slice(0, end) + cut
}

/** Cuts the text to this number of UTF-8 bytes, between two characters. */
function truncateText(text: string, maxBytes: number): string {
  const bytes = Buffer.from(text)
  if (bytes.length <= maxBytes) return text
  let end = maxBytes
  // A byte 10xxxxxx continues a character.
  while (((bytes[end] ?? 0) & 0xc0) === 0x80) end--
  return bytes.toString('utf8', 0, end)
}
