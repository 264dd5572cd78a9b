/** The samples of one period, aggregated. */
export interface PeriodSamples {
  sum: number
  count: number
  minimum: number
  maximum: number
  /** The values that percentiles are computed from. */
  readonly values: number[]
}

/** Returns whether the name is a CloudWatch statistic that `computeStatistic` supports. */
export function isStatistic(statistic: string): boolean {
  return /^(Sum|Average|Minimum|Maximum|SampleCount|p\d{1,2}(\.\d+)?|p100)$/.test(statistic)
}

/** @param statistic a name that `isStatistic` accepts. */
export function computeStatistic(samples: PeriodSamples, statistic: string): number {
  const { sum, count, minimum, maximum, values } = samples
  switch (statistic) {
    case 'Sum':
      return sum
    case 'Average':
      return sum / count
    case 'Minimum':
      return minimum
    case 'Maximum':
      return maximum
    case 'SampleCount':
      return count
    default:
      return computePercentile(values, Number(statistic.slice(1)))
  }
}

/** Computes the percentile by the nearest-rank method. */
function computePercentile(values: readonly number[], percent: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length))
  return sorted[rank - 1] ?? 0
}
