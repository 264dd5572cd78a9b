import type { ResourceKind } from '../account.ts'
import type { DeploymentTarget } from '../deployment-target.ts'
import type { UnresolvedResource } from '../template/resource.ts'

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

/** Refers to the function itself. Provisioned concurrency is not emulated. */
export const alias: ResourceKind = {
  type: 'AWS::Lambda::Alias',
  identify: (resource, target) => {
    const arn = qualifiedArn(resource, target, resource.text('Name') ?? '')
    return { ref: arn, attributes: { AliasArn: arn } }
  },
}
