/** A part of the time axis, in ms since 1970. */
export type View = { readonly from: number; readonly to: number }

/** Nothing shorter than this can be seen on the wire: times have milliseconds, but events are seconds apart. */
const minLengthMs = 5_000

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

/** The nearest view of the same length that is within the whole axis. */
function clamp({ from, to }: View, whole: View): View {
  const length = Math.min(to - from, whole.to - whole.from)
  const start = Math.min(Math.max(from, whole.from), whole.to - length)
  return { from: start, to: start + length }
}
