import { snsAlertTopic } from '../../adapters/sns/alert-topic.ts'
import { snsClient } from '../../adapters/sns/client.ts'
import { environment } from '../environment.ts'
import { createLogger } from '../observability.ts'
import { createHandler } from './handler.ts'

export const handler = createHandler({
  alerts: snsAlertTopic(snsClient(), environment('ALERT_TOPIC_ARN')),
  // The namespace of the metrics is the name of the installation (lib/node-function.ts).
  installation: environment('METRICS_NAMESPACE'),
  timeZone: environment('TIME_ZONE'),
  logger: createLogger('send-all-clear'),
})
