import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics } from '@aws-lambda-powertools/metrics'
import { redactingReplacer } from '../core/protocol/redaction.ts'
import type { ServiceName } from '../names/services.ts'
import { environment } from './environment.ts'

/** Structured logs. Secrets are redacted from every message (docs/contract.md, section 6). */
export function createLogger(serviceName: ServiceName): Logger {
  return new Logger({ serviceName, jsonReplacerFn: redactingReplacer })
}

/** EMF metrics. Each stack has its own namespace, so that installations in one account are counted separately. */
export function createMetrics(serviceName: ServiceName): Metrics {
  return new Metrics({ serviceName, namespace: environment('METRICS_NAMESPACE') })
}
