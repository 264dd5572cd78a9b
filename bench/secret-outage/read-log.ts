import { readEmf } from '@northbound/template-runner'
import { z } from 'zod'
import { callbacks } from '../../names/metrics.ts'
import { outcomeDimension } from '../../names/outcomes.ts'

/** What the log lines of the functions say about the callbacks. */
export type LogFacts = {
  /** The sums of the outcome metrics of apply-events, by name. */
  readonly metrics: ReadonlyMap<string, number>
  /** `trace_id`s of the callbacks that the receiver queued unverified. */
  readonly unverified: ReadonlySet<string>
  /** Unverified callbacks that apply-events refused. */
  readonly dropped: number
}

const unverifiedSchema = z.object({ trace_id: z.string() })

/** @returns the facts, which change with each line, and a function to add a line. */
export function createLogFacts(): { readonly facts: LogFacts; readonly addLine: (line: string) => void } {
  const metrics = new Map<string, number>()
  const unverified = new Set<string>()
  const facts = { metrics, unverified, dropped: 0 }
  function addLine(line: string): void {
    const start = line.indexOf(': {"_aws"')
    if (start < 0) return
    const functionName = line.slice(0, start)
    const text = line.slice(start + 2)
    for (const { metric, values } of readEmf(text)) {
      const count = values.reduce((sum, value) => sum + value, 0)
      const outcome = metric.name === callbacks ? metric.dimensions[outcomeDimension] : undefined
      if (functionName === 'ReceiveCallback' && outcome === 'accepted_unverified')
        unverified.add(unverifiedSchema.parse(JSON.parse(text)).trace_id)
      if (functionName !== 'ApplyEvents') continue
      if (outcome === undefined) metrics.set(metric.name, (metrics.get(metric.name) ?? 0) + count)
      else facts.dropped += count
    }
  }
  return { facts, addLine }
}
