import type { Period } from '../ports/period.ts'

/**
 * The part of an interval that is in another one; undefined if they do not overlap. One without length is in it also at its end: a
 * session can end in the millisecond in which it began. An end before the start, after a clock was set back, counts as the start.
 */
export function cutToInterval({ from, to }: Period, other: Period): Period | undefined {
  const end = Math.max(from, to)
  if (from === end) return from >= other.from && from <= other.to ? { from, to: end } : undefined
  const part = { from: Math.max(from, other.from), to: Math.min(end, other.to) }
  return part.from < part.to ? part : undefined
}

/** The sum of the lengths in ms. */
export function sumMs(intervals: readonly Period[]): number {
  return intervals.reduce((sum, { from, to }) => sum + Math.max(0, to - from), 0)
}

/** The union of intervals: disjoint and in order. */
export function unite(intervals: readonly Period[]): Period[] {
  const united: Period[] = []
  for (const { from, to } of intervals.toSorted((one, other) => one.from - other.from)) {
    const last = united.at(-1)
    if (last !== undefined && from <= last.to)
      united[united.length - 1] = { from: last.from, to: Math.max(to, last.to) }
    else united.push({ from, to })
  }
  return united
}
