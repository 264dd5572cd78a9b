/** `cursor`: opaque text that continues the list; null at its end. */
export type Page<Item> = { readonly items: readonly Item[]; readonly cursor: string | null }

/** `cursor`: from the previous page; null for the first one. */
export type PageRequest = { readonly limit: number; readonly cursor: string | null }

export type Order = 'oldest' | 'newest'

/** The cursor was not issued for this list. */
export class InvalidCursorError extends Error {
  override name = 'InvalidCursorError'
}
