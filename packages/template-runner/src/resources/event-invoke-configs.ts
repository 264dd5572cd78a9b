import { z } from 'zod'
import type { ResourceKind } from '../account.ts'
import { readProperties, unused } from './properties.ts'

const configSchema = z.strictObject({
  FunctionName: z.string(),
  Qualifier: z.literal('$LATEST', 'the local runner emulates $LATEST only').optional(),
  MaximumRetryAttempts: z.coerce
    .number()
    .pipe(z.literal(0, 'must be 0: the local runner does not retry asynchronous invocations')),
  MaximumEventAgeInSeconds: unused,
})

export const eventInvokeConfig: ResourceKind = {
  type: 'AWS::Lambda::EventInvokeConfig',
  identify: ({ logicalId }) => ({ ref: logicalId, attributes: {} }),
  create(resources) {
    for (const resource of resources) readProperties(configSchema, resource)
  },
}
