import { Logger } from '@aws-lambda-powertools/logger'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createSecretReport } from '../../../lambdas/secret-report.ts'

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

describe('createSecretReport', () => {
  it('logs each version once, and emits a metric without dimensions every time', () => {
    vi.stubEnv('METRICS_NAMESPACE', 'Northbound')
    const logger = new Logger({ logLevel: 'SILENT' })
    const logged = vi.spyOn(logger, 'error')
    const written: string[] = []
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0)
    const report = createSecretReport('check code', logger)
    report('the secret is a list', 'new')
    report('the secret is a list', 'known')
    expect(logged.mock.calls).toEqual([
      ['secret is unusable', { secret: 'check code', reason: 'the secret is a list' }],
    ])
    expect(written).toHaveLength(2)
    for (const line of written) {
      expect(line).toMatch(/\n$/)
      expect(JSON.parse(line)).toEqual({
        _aws: {
          Timestamp: expect.closeTo(Date.now(), -5),
          CloudWatchMetrics: [
            { Namespace: 'Northbound', Dimensions: [[]], Metrics: [{ Name: 'SecretsUnusable', Unit: 'Count' }] },
          ],
        },
        SecretsUnusable: 1,
      })
    }
  })
})
