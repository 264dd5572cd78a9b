import { z } from 'zod'
import type { EmulatedAccount, ResourceKind } from '../account.ts'
import { readProperties, unused } from './properties.ts'

const permissionSchema = z.strictObject({
  Action: z.string(),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
  SourceAccount: unused,
})

/** Returns whether a permission of the template lets an AWS service invoke a function on behalf of the source. */
export function permitsInvocation(
  principal: string,
  sourceArn: string,
  functionArn: string,
  { stack }: Pick<EmulatedAccount, 'stack'>,
): boolean {
  return stack.of(permission.type).some((resource) => {
    const { Action, FunctionName, Principal, SourceArn = '*' } = readProperties(permissionSchema, resource)
    const namesFunction = FunctionName === functionArn || functionArn.endsWith(`:function:${FunctionName}`)
    const pattern = SourceArn.split('*').map(escapePattern).join('.*')
    return (
      namesFunction &&
      Action === 'lambda:InvokeFunction' &&
      Principal === principal &&
      new RegExp(`^${pattern}$`).test(sourceArn)
    )
  })
}

function escapePattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}

export const permission: ResourceKind = {
  type: 'AWS::Lambda::Permission',
  identify: ({ logicalId }) => ({ ref: logicalId, attributes: { Id: logicalId } }),
}
