import type { Logger } from '@aws-lambda-powertools/logger'
import * as metricNames from '../names/metrics.ts'
import { environment } from './environment.ts'

/**
 * Creates the report of a secret that cannot be used: one log line for each version, and a metric for as long as it is
 * read. The reasons contain no part of the secret.
 *
 * @param secret its name in the log.
 */
export function createSecretReport(secret: string, logger: Logger): (reason: string, version: 'new' | 'known') => void {
  const namespace = environment('METRICS_NAMESPACE')
  return (reason, version) => {
    if (version === 'new') logger.error('secret is unusable', { secret, reason })
    process.stdout.write(`${JSON.stringify(createEmf(namespace))}\n`)
  }
}

/** The metric has no dimension, so that one alarm watches the secrets of all functions. */
function createEmf(Namespace: string) {
  const Metrics = [{ Name: metricNames.secretsUnusable, Unit: 'Count' }]
  return {
    _aws: { Timestamp: Date.now(), CloudWatchMetrics: [{ Namespace, Dimensions: [[]], Metrics }] },
    [metricNames.secretsUnusable]: 1,
  }
}
