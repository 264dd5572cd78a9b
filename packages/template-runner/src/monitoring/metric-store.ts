/** Which figure, of what. */
export interface MetricName {
  readonly namespace: string
  readonly name: string
  readonly dimensions: Readonly<Record<string, string>>
}

/** One figure as an alarm asks for it: `Sum`, `Average`, `Minimum`, `Maximum`, `SampleCount` or `p99`. */
export interface MetricQuery extends MetricName {
  readonly statistic: string
  readonly periodSeconds: number
}

/** The samples of one period; all of them only where percentiles are asked for, and then at most so many. */
type Samples = { sum: number; count: number; least: number; most: number; readonly values: number[] }

const longestSample = 10_000

export function isStatistic(statistic: string): boolean {
  return /^(Sum|Average|Minimum|Maximum|SampleCount|p\d{1,2}(\.\d+)?|p100)$/.test(statistic)
}

/** The figures that alarms ask for, for as long as they look back; all others are not kept. */
export class MetricStore {
  readonly #wanted = new Map<string, { periodSeconds: number; lookBack: number; periods: Map<number, Samples> }[]>()

  /** @param periods how many of them, back from now, are ever asked for. */
  want({ periodSeconds, ...metric }: MetricQuery, periods: number): void {
    const key = keyOf(metric)
    const series = this.#wanted.get(key) ?? []
    this.#wanted.set(key, series)
    const same = series.find((one) => one.periodSeconds === periodSeconds)
    if (same) same.lookBack = Math.max(same.lookBack, periods)
    else series.push({ periodSeconds, lookBack: periods, periods: new Map() })
  }

  wants(metric: MetricName): boolean {
    return this.#wanted.has(keyOf(metric))
  }

  /** @param at epoch milliseconds. */
  put(metric: MetricName, value: number, at: number): void {
    for (const { periodSeconds, lookBack, periods } of this.#wanted.get(keyOf(metric)) ?? []) {
      const period = periodOf(at, periodSeconds)
      const samples = periods.get(period) ?? { sum: 0, count: 0, least: value, most: value, values: [] }
      periods.set(period, samples)
      samples.sum += value
      samples.count += 1
      samples.least = Math.min(samples.least, value)
      samples.most = Math.max(samples.most, value)
      if (samples.values.length < longestSample) samples.values.push(value)
      // One more than is asked for: the running period counts as one once it has figures.
      for (const old of periods.keys()) if (old < period - lookBack) periods.delete(old)
    }
  }

  /** The figure of the period that `at` is in, or of one so many periods before; undefined where there is none. */
  read({ statistic, periodSeconds, ...metric }: MetricQuery, at: number, before = 0): number | undefined {
    const series = this.#wanted.get(keyOf(metric))?.find((one) => one.periodSeconds === periodSeconds)
    const samples = series?.periods.get(periodOf(at, periodSeconds) - before)
    return samples && statisticOf(samples, statistic)
  }
}

function periodOf(at: number, periodSeconds: number): number {
  return Math.floor(at / 1000 / periodSeconds)
}

function keyOf({ namespace, name, dimensions }: MetricName): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).sort(([a], [b]) => (a < b ? -1 : 1))])
}

function statisticOf({ sum, count, least, most, values }: Samples, statistic: string): number {
  switch (statistic) {
    case 'Sum':
      return sum
    case 'Average':
      return sum / count
    case 'Minimum':
      return least
    case 'Maximum':
      return most
    case 'SampleCount':
      return count
    default:
      return percentile(values, Number(statistic.slice(1)))
  }
}

/** The smallest value that so many percent of the values do not exceed. */
function percentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length))
  return sorted[rank - 1] ?? 0
}
