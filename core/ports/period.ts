/** An interval of time in ms since 1970: `from` is inclusive, `to` exclusive. */
export type Period = { readonly from: number; readonly to: number }

/** Contains every time that can be stored: order keys have 15 digits of ms. */
export const allTime: Period = { from: 0, to: 1e15 - 1 }

export function isWithin(at: number, { from, to }: Period): boolean {
  return at >= from && at < to
}
