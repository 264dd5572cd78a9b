import { computeStatistic, type PeriodSamples } from './statistics.ts'

/** Identifies a CloudWatch metric. */
export interface MetricIdentity {
  readonly namespace: string
  readonly name: string
  readonly dimensions: Readonly<Record<string, string>>
}

/** A metric with the statistic and the period that an alarm watches. */
export interface MetricQuery extends MetricIdentity {
  /** `Sum`, `Average`, `Minimum`, `Maximum`, `SampleCount` or a percentile like `p99`. */
  readonly statistic: string
  readonly periodSeconds: number
}

interface MetricSeries {
  readonly periodSeconds: number
  maxPeriodsAgo: number
  /** By the number of the period since the epoch. */
  readonly periods: Map<number, PeriodSamples>
}

/** Percentiles are computed from at most this many values of a period. */
const maxValuesPerPeriod = 10_000

/** Stores the metrics that alarms watch, for the periods that they evaluate. All other metrics are dropped. */
export class MetricStore {
  readonly #series = new Map<string, MetricSeries[]>()

  /** Starts storing a metric. @param maxPeriodsAgo the oldest period that `read` is called for. */
  track({ periodSeconds, ...metric }: MetricQuery, maxPeriodsAgo: number): void {
    const key = keyOf(metric)
    const tracked = this.#series.get(key) ?? []
    this.#series.set(key, tracked)
    const existing = tracked.find((series) => series.periodSeconds === periodSeconds)
    if (existing) existing.maxPeriodsAgo = Math.max(existing.maxPeriodsAgo, maxPeriodsAgo)
    else tracked.push({ periodSeconds, maxPeriodsAgo, periods: new Map() })
  }

  isTracked(metric: MetricIdentity): boolean {
    return this.#series.has(keyOf(metric))
  }

  /** @param atMs epoch milliseconds. */
  put(metric: MetricIdentity, value: number, atMs: number): void {
    for (const { periodSeconds, maxPeriodsAgo, periods } of this.#series.get(keyOf(metric)) ?? []) {
      const period = periodOf(atMs, periodSeconds)
      const samples = periods.get(period) ?? { sum: 0, count: 0, minimum: value, maximum: value, values: [] }
      periods.set(period, samples)
      samples.sum += value
      samples.count += 1
      samples.minimum = Math.min(samples.minimum, value)
      samples.maximum = Math.max(samples.maximum, value)
      if (samples.values.length < maxValuesPerPeriod) samples.values.push(value)
      for (const old of periods.keys()) if (old < period - maxPeriodsAgo) periods.delete(old)
    }
  }

  /**
   * Returns the statistic of one period, or undefined if the period has no data.
   *
   * @param atMs epoch milliseconds.
   * @param periodsAgo 0 for the period that contains `atMs`, 1 for the one before, and so on.
   */
  read({ statistic, periodSeconds, ...metric }: MetricQuery, atMs: number, periodsAgo = 0): number | undefined {
    const series = this.#series.get(keyOf(metric))?.find((candidate) => candidate.periodSeconds === periodSeconds)
    const samples = series?.periods.get(periodOf(atMs, periodSeconds) - periodsAgo)
    return samples && computeStatistic(samples, statistic)
  }
}

function periodOf(atMs: number, periodSeconds: number): number {
  return Math.floor(atMs / 1000 / periodSeconds)
}

/** A metric as the key of a map, whatever the order of its dimensions. */
export function keyOf({ namespace, name, dimensions }: MetricIdentity): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))])
}
