import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics'
import { describe, expect, it, vi } from 'vitest'
import { readEmf } from '../../../src/monitoring/emf.ts'

describe('readEmf', () => {
  it('reads a line that Powertools Metrics writes', () => {
    vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false')
    // In development mode, Powertools writes to the global console, which the test can spy on.
    vi.stubEnv('POWERTOOLS_DEV', 'true')
    const written = vi.spyOn(console, 'log').mockImplementation(() => {})
    const metrics = new Metrics({ namespace: 'Shop', serviceName: 'place-order' })
    metrics.addDimension('outcome', 'accepted')
    metrics.addMetric('Orders', MetricUnit.Count, 1)
    metrics.addMetric('Orders', MetricUnit.Count, 2)
    metrics.publishStoredMetrics()
    const [line] = written.mock.calls[0] ?? []
    vi.restoreAllMocks()
    vi.unstubAllEnvs()
    const dimensions = { service: 'place-order', outcome: 'accepted' }
    expect(readEmf(String(line))).toEqual([
      { metric: { namespace: 'Shop', name: 'Orders', dimensions }, values: [1, 2] },
    ])
  })

  it('returns one sample for each set of dimensions', () => {
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
  ])('returns no samples for a line without metrics: %s', (line) => {
    expect(readEmf(line)).toEqual([])
  })
})
