import { keyOf, type MetricIdentity } from './metric-store.ts'

/** What CloudWatch keeps of a metric for each minute. Percentiles are not kept. */
export interface MinuteSummary {
  /** Epoch milliseconds. */
  readonly startMs: number
  readonly sum: number
  readonly count: number
  readonly minimum: number
  readonly maximum: number
}

const minuteMs = 60_000
/** Minutes of each metric that are kept. */
const maxMinutes = 180

/** Keeps a summary of all metrics for the last three hours, also of those that no alarm watches. */
export class MetricHistory {
  readonly #metrics = new Map<string, Map<number, MinuteSummary>>()

  /** @param atMs epoch milliseconds. */
  put(metric: MetricIdentity, value: number, atMs: number): void {
    const key = keyOf(metric)
    const minutes = this.#metrics.get(key) ?? new Map<number, MinuteSummary>()
    this.#metrics.set(key, minutes)
    const minute = Math.floor(atMs / minuteMs)
    const before = minutes.get(minute)
    minutes.set(minute, {
      startMs: minute * minuteMs,
      sum: (before?.sum ?? 0) + value,
      count: (before?.count ?? 0) + 1,
      minimum: Math.min(before?.minimum ?? value, value),
      maximum: Math.max(before?.maximum ?? value, value),
    })
    if (minutes.size <= maxMinutes) return
    for (const old of minutes.keys()) if (old <= minute - maxMinutes) minutes.delete(old)
  }

  /**
   * Lists the periods of a metric that begin in an interval and have values, oldest first.
   *
   * @param fromMs inclusive, toMs exclusive; epoch milliseconds.
   */
  list(metric: MetricIdentity, fromMs: number, toMs: number, periodSeconds: number): MinuteSummary[] {
    const periodMs = periodSeconds * 1000
    const minutes = [...(this.#metrics.get(keyOf(metric))?.values() ?? [])]
    const inInterval = minutes.filter(({ startMs }) => startMs >= fromMs && startMs < toMs)
    // Periods are counted from the start of the interval.
    const byPeriod = Map.groupBy(inInterval, ({ startMs }) => Math.floor((startMs - fromMs) / periodMs))
    return [...byPeriod]
      .sort(([a], [b]) => a - b)
      .map(([period, summaries]) => ({
        startMs: fromMs + period * periodMs,
        sum: summaries.reduce((total, { sum }) => total + sum, 0),
        count: summaries.reduce((total, { count }) => total + count, 0),
        minimum: Math.min(...summaries.map(({ minimum }) => minimum)),
        maximum: Math.max(...summaries.map(({ maximum }) => maximum)),
      }))
  }
}
