import { z } from 'zod'
import type { MetricIdentity } from './metric-store.ts'

const metadataSchema = z.object({
  Timestamp: z.number(),
  CloudWatchMetrics: z.array(
    z.object({
      Namespace: z.string(),
      Dimensions: z.array(z.array(z.string())),
      Metrics: z.array(z.object({ Name: z.string() })),
    }),
  ),
})

interface MetricSample {
  readonly metric: MetricIdentity
  readonly values: readonly number[]
}

/** Reads the metrics from a log line in CloudWatch's embedded metric format. Other lines have none. */
export function readEmf(line: string): MetricSample[] {
  // Most lines contain no metrics. This check avoids parsing them.
  if (!line.startsWith('{') || !line.includes('"CloudWatchMetrics"')) return []
  const fields = parseFields(line)
  const metadata = metadataSchema.safeParse(fields._aws)
  if (!metadata.success) return []
  return metadata.data.CloudWatchMetrics.flatMap(({ Namespace: namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) => {
      const dimensions = Object.fromEntries(names.map((name) => [name, String(fields[name] ?? '')]))
      return Metrics.map(({ Name: name }) => ({
        metric: { namespace, name, dimensions },
        values: [fields[name]].flat().filter((value) => typeof value === 'number'),
      }))
    }),
  )
}

function parseFields(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
