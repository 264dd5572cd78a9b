import { createHash } from 'node:crypto'

// Texts that a sender chooses are limited in the state, so that a projection always fits into an item (docs/data-model.md,
// Maxima). The log keeps them whole. Limits are bytes of the text in JSON, because control characters are longer there.

const hashLength = 11

/** The first characters of a text, as many as fit into `maxBytes`. */
export function truncateText(text: string, maxBytes: number): string {
  if (jsonBytes(text) <= maxBytes) return text.toWellFormed()
  let bytes = 0
  let end = 0
  for (const character of text) {
    bytes += jsonBytes(character)
    if (bytes > maxBytes) break
    end += character.length
  }
  return text.slice(0, end).toWellFormed()
}

/** Truncates a longer id and adds a hash of it, so that it stays unique. */
export function shortenId(id: string, maxBytes: number): string {
  if (jsonBytes(id) <= maxBytes) return id
  const hash = createHash('sha256').update(id).digest('base64url').slice(0, hashLength)
  return `${truncateText(id, maxBytes - hashLength - 1)}~${hash}`
}

/** Bytes in JSON, without the quotes. */
function jsonBytes(text: string): number {
  return Buffer.byteLength(JSON.stringify(text)) - 2
}
