export type Page<Item> = { readonly items: readonly Item[]; readonly cursor: string | null }

export type PageRequest = { readonly limit: number; readonly cursor: string | null }

export type Order = 'oldest' | 'newest'

/** The cursor was not issued by this API, or belongs to another list. */
export class InvalidCursorError extends Error {
  override name = 'InvalidCursorError'
}
