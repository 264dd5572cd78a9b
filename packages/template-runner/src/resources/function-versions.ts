import type { ResourceKind } from '../account.ts'
import type { DeploymentTarget } from '../deployment-target.ts'
import type { UnresolvedResource } from '../template/read-stack.ts'

/** The one version that there is: nothing is deployed twice here. */
const onlyVersion = '1'

const arnOf = ({ text }: UnresolvedResource, { region, accountId }: DeploymentTarget, qualifier: string) =>
  `arn:aws:lambda:${region}:${accountId}:function:${text('FunctionName')}:${qualifier}`

export const version: ResourceKind = {
  type: 'AWS::Lambda::Version',
  identify: (resource, target) => ({
    ref: arnOf(resource, target, onlyVersion),
    attributes: { Version: onlyVersion },
  }),
}

/** Leads to the function itself, which stays warm here whatever the alias says. */
export const alias: ResourceKind = {
  type: 'AWS::Lambda::Alias',
  identify: (resource, target) => {
    const arn = arnOf(resource, target, resource.text('Name') ?? '')
    return { ref: arn, attributes: { AliasArn: arn } }
  },
}
