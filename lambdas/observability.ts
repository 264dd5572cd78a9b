import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics } from '@aws-lambda-powertools/metrics'
import { redactingReplacer } from '../core/protocol/redaction.ts'
import type { ServiceName } from '../names/services.ts'
import { environment } from './environment.ts'

/** Structured logs. Nothing secret gets into them, whoever put it into the message. */
export function createLogger(serviceName: ServiceName): Logger {
  return new Logger({ serviceName, jsonReplacerFn: redactingReplacer })
}

/** EMF metrics: lines in the log. A namespace for each stack, so that no installation counts another's events. */
export function createMetrics(serviceName: ServiceName): Metrics {
  return new Metrics({ serviceName, namespace: environment('METRICS_NAMESPACE') })
}
