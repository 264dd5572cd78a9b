/** A part of the time axis, in ms since 1970. */
export type View = { readonly from: number; readonly to: number }

/** Nothing shorter than this can be seen on the wire: times have milliseconds, but events are seconds apart. */
const minLengthMs = 5_000

/** An axis of more views than this is drawn in parts: browsers place shapes in single precision. */
const maxDrawnViews = 512

/** Zooms around a point. @param factor above 1 shows more of the axis. */
export function zoom(view: View, whole: View, factor: number, aroundMs: number): View {
  const length = Math.min(whole.to - whole.from, Math.max(minLengthMs, (view.to - view.from) * factor))
  const share = (aroundMs - view.from) / (view.to - view.from)
  return clamp({ from: aroundMs - share * length, to: aroundMs + (1 - share) * length }, whole)
}

/** Moves along the axis. */
export function pan({ from, to }: View, whole: View, byMs: number): View {
  return clamp({ from: from + byMs, to: to + byMs }, whole)
}

/**
 * Moves the view so that the times under the fingers, or the pointer, stay under them: one pans, two also zoom.
 *
 * @param view when the fingers were put down, at `from`.
 * @param from where the fingers were on the axis, and `to` where they are now: from 0 at its beginning to 1 at its end.
 */
export function drag(view: View, whole: View, from: readonly number[], to: readonly number[]): View {
  const length = view.to - view.from
  const [firstFrom = 0, secondFrom] = from
  const [firstTo = 0, secondTo] = to
  if (secondFrom === undefined || secondTo === undefined) return pan(view, whole, (firstFrom - firstTo) * length)
  const factor = Math.abs(secondFrom - firstFrom) / Math.max(0.01, Math.abs(secondTo - firstTo))
  const middle = view.from + ((firstFrom + secondFrom) / 2) * length
  const zoomed = zoom(view, whole, factor, middle)
  const movedShare = (firstTo + secondTo - firstFrom - secondFrom) / 2
  return pan(zoomed, whole, -movedShare * (zoomed.to - zoomed.from))
}

/**
 * The part of the axis whose bars are drawn, which contains the view: all of it, or a part that changes seldom while the user
 * moves the view.
 */
export function findDrawnPart(view: View, whole: View): View {
  const length = view.to - view.from
  if (whole.to - whole.from <= maxDrawnViews * length) return { from: whole.from, to: Number.POSITIVE_INFINITY }
  const cell = 2 ** Math.ceil(Math.log2((length * maxDrawnViews) / 8))
  const from = (Math.floor(view.from / cell) - 1) * cell
  return { from, to: from + 3 * cell }
}

/** The nearest view of the same length that is within the whole axis. */
function clamp({ from, to }: View, whole: View): View {
  const length = Math.min(to - from, whole.to - whole.from)
  const start = Math.min(Math.max(from, whole.from), whole.to - length)
  return { from: start, to: start + length }
}
