import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import { describe, expect, it, vi } from 'vitest'
import { readEmf } from '../../../src/monitoring/emf.ts'

describe('a line of a log', () => {
  it('that the metrics library writes is read', () => {
    vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false')
    // It then writes through the console that can be watched.
    vi.stubEnv('POWERTOOLS_DEV', 'true')
    const written = vi.spyOn(console, 'log').mockImplementation(() => {})
    const metrics = new Metrics({ namespace: 'Northbound', serviceName: 'receive-callback' })
    metrics.addDimension('outcome', 'accepted')
    metrics.addMetric('Callbacks', MetricUnit.Count, 1)
    metrics.addMetric('Callbacks', MetricUnit.Count, 2)
    metrics.publishStoredMetrics()
    const [line] = written.mock.calls[0] ?? []
    vi.restoreAllMocks()
    vi.unstubAllEnvs()
    const dimensions = { service: 'receive-callback', outcome: 'accepted' }
    expect(readEmf(String(line))).toEqual([
      { metric: { namespace: 'Northbound', name: 'Callbacks', dimensions }, values: [1, 2] },
    ])
  })

  it('may have several sets of dimensions', () => {
    const line = JSON.stringify({
      _aws: {
        Timestamp: 1,
        CloudWatchMetrics: [{ Namespace: 'N', Dimensions: [['a'], []], Metrics: [{ Name: 'm' }] }],
      },
      a: 'x',
      m: 3,
    })
    expect(readEmf(line).map(({ metric }) => metric.dimensions)).toEqual([{ a: 'x' }, {}])
  })

  it.each([
    'plain text',
    '{"level":"INFO"}',
    '{"_aws":{"CloudWatchMetrics"',
    '{"_aws":{"CloudWatchMetrics":5}}',
    '{"text":"\\"CloudWatchMetrics\\""}',
    'null',
  ])('that holds none gives none: %s', (line) => {
    expect(readEmf(line)).toEqual([])
  })
})
