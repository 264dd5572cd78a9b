import type { Interval } from '@northbound/avd-simulator'

/** The union of intervals: disjoint and in order. */
export function unite(intervals: readonly Interval[]): Interval[] {
  const united: Interval[] = []
  for (const { from, to } of intervals.toSorted((a, b) => a.from - b.from)) {
    const last = united.at(-1)
    if (last !== undefined && from <= last.to)
      united[united.length - 1] = { from: last.from, to: Math.max(to, last.to) }
    else if (to > from) united.push({ from, to })
  }
  return united
}

/** The parts of `one` that are not in `other`. Both must be disjoint and in order, as `unite` returns them. */
export function subtract(one: readonly Interval[], other: readonly Interval[]): Interval[] {
  return one.flatMap(({ from, to }) => {
    const parts: Interval[] = []
    let start = from
    for (const hole of other) {
      if (hole.to <= start || hole.from >= to) continue
      if (hole.from > start) parts.push({ from: start, to: hole.from })
      start = hole.to
    }
    return start < to ? [...parts, { from: start, to }] : parts
  })
}

export function totalMs(intervals: readonly Interval[]): number {
  return intervals.reduce((sum, { from, to }) => sum + to - from, 0)
}
