import { z } from 'zod'
import type { ResourceKind } from '../account.ts'
import type { DeploymentTarget } from '../deployment-target.ts'
import { StartupError } from '../startup-error.ts'
import type { UnresolvedResource } from '../template/resource.ts'
import { readProperties, unused } from './properties.ts'

/** The runner deploys a template only once, so every function has one version. */
const onlyVersion = '1'

const qualifiedArn = ({ text }: UnresolvedResource, { region, accountId }: DeploymentTarget, qualifier: string) =>
  `arn:aws:lambda:${region}:${accountId}:function:${text('FunctionName')}:${qualifier}`

export const version: ResourceKind = {
  type: 'AWS::Lambda::Version',
  identify: (resource, target) => ({
    ref: qualifiedArn(resource, target, onlyVersion),
    attributes: { Version: onlyVersion },
  }),
}

const aliasSchema = z.strictObject({
  FunctionName: z.string(),
  FunctionVersion: z.string(),
  Name: z.string(),
  ProvisionedConcurrencyConfig: z
    .strictObject({ ProvisionedConcurrentExecutions: z.coerce.number().int().min(1) })
    .optional(),
  Description: unused,
})

/** Refers to the function itself. Its provisioned environments serve every invocation of the function. */
export const alias: ResourceKind = {
  type: 'AWS::Lambda::Alias',
  identify: (resource, target) => {
    const arn = qualifiedArn(resource, target, resource.text('Name') ?? '')
    return { ref: arn, attributes: { AliasArn: arn } }
  },
  create(resources, { functions }) {
    for (const resource of resources) {
      const { FunctionName, ProvisionedConcurrencyConfig } = readProperties(aliasSchema, resource)
      const pool = functions.get(FunctionName.split(':').at(-1) ?? '')
      if (!pool) throw new StartupError(`${resource.logicalId}: there is no function ${FunctionName}`)
      const provisioned = ProvisionedConcurrencyConfig?.ProvisionedConcurrentExecutions ?? 0
      const { reservedConcurrency = provisioned } = pool.settings
      if (provisioned > reservedConcurrency) {
        const reason = `provisions ${provisioned} environments, but the function reserves ${reservedConcurrency}`
        throw new StartupError(`${resource.logicalId}: ${reason}`)
      }
      pool.provision(provisioned)
    }
  },
}
