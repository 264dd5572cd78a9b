import type { ResourceKind } from '../account.ts'
import type { Place, Unnamed } from '../template/read-stack.ts'

/** The one version that there is: nothing is deployed twice here. */
const onlyVersion = '1'

const arnOf = ({ text }: Unnamed, { region, accountId }: Place, qualifier: string) =>
  `arn:aws:lambda:${region}:${accountId}:function:${text('FunctionName')}:${qualifier}`

export const version: ResourceKind = {
  type: 'AWS::Lambda::Version',
  identify: (resource, place) => ({
    ref: arnOf(resource, place, onlyVersion),
    attributes: { Version: onlyVersion },
  }),
}

/** Leads to the function itself, which stays warm here whatever the alias says. */
export const alias: ResourceKind = {
  type: 'AWS::Lambda::Alias',
  identify: (resource, place) => {
    const arn = arnOf(resource, place, resource.text('Name') ?? '')
    return { ref: arn, attributes: { AliasArn: arn } }
  },
}
