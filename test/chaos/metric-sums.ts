import { readEmf } from '@northbound/template-runner'

/** The sums of the metrics that `apply-events` writes in its log. */
export class MetricSums {
  readonly sums = new Map<string, number>()

  /** @param line of the local run. */
  addLine(line: string): void {
    if (!line.startsWith('ApplyEvents: ')) return
    for (const { metric, values } of readEmf(line.slice('ApplyEvents: '.length)))
      for (const value of values) this.sums.set(metric.name, (this.sums.get(metric.name) ?? 0) + value)
  }
}
