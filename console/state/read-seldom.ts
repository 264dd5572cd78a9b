/**
 * Limits how often data is read, for reads that cost more than others or whose result changes seldom.
 *
 * @returns a function that resolves to the result of the last read until `minIntervalMs` have passed since it began.
 */
export function readSeldom<Data>(read: () => Promise<Data>, minIntervalMs: number): () => Promise<Data> {
  let latest: { readonly data: Data; readonly readAtMs: number } | undefined
  return async () => {
    const nowMs = performance.now()
    if (latest !== undefined && nowMs - latest.readAtMs < minIntervalMs) return latest.data
    latest = { data: await read(), readAtMs: nowMs }
    return latest.data
  }
}
