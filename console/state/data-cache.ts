/** Enough to go back a few pages without waiting. */
const maxEntries = 12

const entries = new Map<string, unknown>()

/** The data that a page showed last, so that going back shows it at once. */
export const findData = (key: string): unknown => entries.get(key)

export function keepData(key: string, data: unknown): void {
  entries.delete(key)
  entries.set(key, data)
  const [oldest] = entries.keys()
  if (entries.size > maxEntries && oldest !== undefined) entries.delete(oldest)
}

export function forgetData(): void {
  entries.clear()
}
