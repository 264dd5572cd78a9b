import { accountId } from '../deployment-target.ts'
import type { AwsCall, RequiredPermission } from '../endpoint/aws-call.ts'
import { isRecord } from '../is-record.ts'
import { batchOperations, leadingKeys, type PartitionKeys } from './leading-keys.ts'

/** Returns the permissions that IAM requires for a DynamoDB call. Batches and transactions may require several. */
export function dynamodbPermissions(
  { action, input, region }: AwsCall,
  partitionKeys: PartitionKeys,
): readonly RequiredPermission[] {
  const permissionFor = (tableAction: string, table: unknown, operations: readonly unknown[]): RequiredPermission => ({
    action: `dynamodb:${tableAction}`,
    resource: tableArn(region, String(table)),
    context: leadingKeys(partitionKeys.get(String(table).replace(/^arn:.*:table\//, '')), operations),
  })
  if (action.startsWith('Transact')) {
    const operations = Array.isArray(input.TransactItems) ? input.TransactItems.filter(isRecord) : []
    const permissions = operations.flatMap((operation) =>
      Object.entries(operation).map(([kind, details]) =>
        permissionFor(transactionActions[kind] ?? kind, isRecord(details) ? details.TableName : undefined, [details]),
      ),
    )
    return removeDuplicates(permissions)
  }
  if (isRecord(input.RequestItems))
    return Object.entries(input.RequestItems).map(([table, requests]) =>
      permissionFor(action, table, batchOperations(requests)),
    )
  if (typeof input.TableName !== 'string') return [{ action: `dynamodb:${action}`, resource: '*' }]
  const permission = permissionFor(action, input.TableName, [input])
  if (typeof input.IndexName !== 'string') return [permission]
  return [{ ...permission, resource: `${permission.resource}/index/${input.IndexName}` }]
}

const transactionActions: Readonly<Record<string, string>> = {
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
}

function tableArn(region: string, table: string): string {
  return table.startsWith('arn:') ? table : `arn:aws:dynamodb:${region}:${accountId}:table/${table}`
}

function removeDuplicates(permissions: readonly RequiredPermission[]): RequiredPermission[] {
  return [...new Map(permissions.map((one) => [JSON.stringify(one), one])).values()]
}
