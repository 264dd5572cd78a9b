import { z } from 'zod'
import type { MetricName } from './metric-store.ts'

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

export type Sample = { readonly metric: MetricName; readonly values: readonly number[] }

/** The figures in a line of a function's log, where it is in CloudWatch's embedded metric format. */
export function readEmf(line: string): Sample[] {
  // Most lines are none: looked at before they are parsed.
  if (!line.startsWith('{') || !line.includes('"CloudWatchMetrics"')) return []
  const fields = parsed(line)
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

function parsed(line: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(line)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
