/** Fields that change as time passes, although nothing happens: durations until now, ends that are now, times of checks. */
const passingFields: ReadonlySet<string> = new Set([
  'seconds',
  'person_seconds',
  'person_minutes',
  'sampled_minutes',
  'to',
  'last_seen_at',
  'last_sweep_at',
  'callbacks_last_hour',
])

/**
 * Compares two responses, apart from values that change with every read.
 *
 * @param previous and `next` consist of plain objects, arrays and simple values.
 * @returns whether something happened between them.
 */
export function hasHappened(previous: unknown, next: unknown): boolean {
  if (Object.is(previous, next)) return false
  if (typeof previous !== 'object' || typeof next !== 'object' || previous === null || next === null) return true
  const before = new Map(Object.entries(previous))
  const after = Object.entries(next)
  return (
    before.size !== after.length ||
    after.some(([name, value]) => {
      const isPassing = passingFields.has(name) && typeof value === typeof before.get(name) && value !== null
      return !isPassing && hasHappened(before.get(name), value)
    })
  )
}
