import { z } from 'zod'
import type { ResourceKind } from '../account.ts'
import { StartupError } from '../startup-error.ts'
import { readProperties } from './properties.ts'

const retryError = 'must be from 0 to 2'
const ageError = 'must be from 60 to 21,600 seconds'

const configSchema = z.strictObject({
  FunctionName: z.string(),
  Qualifier: z.literal('$LATEST', 'the local runner emulates $LATEST only').optional(),
  MaximumRetryAttempts: z.coerce.number().int().min(0, retryError).max(2, retryError).optional(),
  MaximumEventAgeInSeconds: z.coerce.number().int().min(60, ageError).max(21_600, ageError).optional(),
})

export const eventInvokeConfig: ResourceKind = {
  type: 'AWS::Lambda::EventInvokeConfig',
  identify: ({ logicalId }) => ({ ref: logicalId, attributes: {} }),
  create(resources, { functions }) {
    for (const resource of resources) {
      const properties = readProperties(configSchema, resource)
      const { FunctionName, MaximumRetryAttempts, MaximumEventAgeInSeconds } = properties
      const pool = functions.get(FunctionName.split(':').at(-1) ?? '')
      if (!pool) throw new StartupError(`${resource.logicalId}: there is no function ${FunctionName}`)
      if (MaximumEventAgeInSeconds !== undefined) pool.asynchronous.maxEventAgeMs = MaximumEventAgeInSeconds * 1000
      if (MaximumRetryAttempts !== undefined) pool.asynchronous.maxRetries = MaximumRetryAttempts
    }
  },
}
