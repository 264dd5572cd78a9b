import { z } from 'zod'
import type { EmulatedAccount, ResourceKind } from '../account.ts'
import { compilePattern } from '../events/event-pattern.ts'
import type { FunctionPool } from '../functions/function-pool.ts'
import { StartupError } from '../startup-error.ts'
import { permitsInvocation } from './permissions.ts'
import { physicalName, readProperties, unused } from './properties.ts'

/** A rule with a schedule instead of a pattern is rejected as an unknown property. */
const ruleSchema = z.strictObject({
  Name: z.string().optional(),
  EventBusName: z.literal('default', 'the local runner emulates the default bus only').optional(),
  EventPattern: z.record(z.string(), z.unknown()),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Targets: z
    .array(
      z.strictObject({
        Id: z.string(),
        Arn: z.string(),
        // Deliveries to the target do not fail here.
        RetryPolicy: unused,
        DeadLetterConfig: unused,
      }),
    )
    .max(5)
    .default([]),
  Description: unused,
  Tags: unused,
})

export const eventRule: ResourceKind = {
  type: 'AWS::Events::Rule',
  identify({ logicalId, text }, { stackName, region, accountId }) {
    const name = text('Name') ?? physicalName(stackName, logicalId, 64)
    return { ref: name, attributes: { Arn: `arn:aws:events:${region}:${accountId}:rule/${name}` } }
  },
  create(resources, account) {
    for (const resource of resources) {
      const { logicalId, identity } = resource
      const { EventPattern, State, Targets } = readProperties(ruleSchema, resource)
      const matches = compilePattern(EventPattern, `${logicalId}: EventPattern`)
      const ruleArn = identity.attributes.Arn ?? ''
      const targets = Targets.map(({ Arn }) => findTarget(logicalId, ruleArn, Arn, account))
      if (State === 'ENABLED') account.events.add({ matches, targets })
    }
  },
}

function findTarget(logicalId: string, ruleArn: string, functionArn: string, account: EmulatedAccount): FunctionPool {
  const pool = account.functions.get(functionArn.split(':').at(-1) ?? '')
  if (!pool) throw new StartupError(`${logicalId}: there is no function ${functionArn}`)
  if (permitsInvocation('events.amazonaws.com', ruleArn, functionArn, account)) return pool
  throw new StartupError(`${logicalId}: no permission lets events.amazonaws.com call ${functionArn} for ${ruleArn}`)
}
