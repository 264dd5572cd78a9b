import type { ParticipantRow } from '../../core/ports/room-reader.ts'

/** A page of participants while it is being filled. */
export type ParticipantPage = {
  readonly rows: ParticipantRow[]
  /** Bytes of the rows' states as JSON. */
  bytes: number
  readonly limit: number
  readonly maxBytes: number
}

export function missingRows({ rows, limit }: ParticipantPage): number {
  return limit - rows.length
}

export function isFull(page: ParticipantPage): boolean {
  return missingRows(page) <= 0 || page.bytes >= page.maxBytes
}

/** Adds a row unless the page would exceed a limit. A page takes its first row whatever its size, so every page proceeds. */
export function addParticipant(page: ParticipantPage, row: ParticipantRow): 'added' | 'page_full' {
  const bytes = Buffer.byteLength(JSON.stringify(row))
  const exceedsBytes = page.rows.length > 0 && page.bytes + bytes > page.maxBytes
  if (isFull(page) || exceedsBytes) return 'page_full'
  page.rows.push(row)
  page.bytes += bytes
  return 'added'
}
