import { accountId } from '../deployment-target.ts'
import type { AwsCall, Permission } from '../endpoint/aws-call.ts'
import { isRecord } from '../template/intrinsics.ts'

/** Which (action, table or index) IAM checks for a DynamoDB call: batches and transactions name several. */
export function dynamodbPermissions({ action, input, region }: AwsCall): readonly Permission[] {
  const on = (verb: string, table: unknown): Permission => ({
    action: `dynamodb:${verb}`,
    resource: tableArn(region, String(table)),
  })
  if (action.startsWith('Transact')) {
    const operations = Array.isArray(input.TransactItems) ? input.TransactItems.filter(isRecord) : []
    const wanted = operations.flatMap((operation) =>
      Object.entries(operation).map(([kind, details]) =>
        on(transactionVerbs[kind] ?? kind, isRecord(details) ? details.TableName : undefined),
      ),
    )
    return distinct(wanted)
  }
  if (isRecord(input.RequestItems)) return Object.keys(input.RequestItems).map((table) => on(action, table))
  if (typeof input.TableName !== 'string') return [{ action: `dynamodb:${action}`, resource: '*' }]
  const table = on(action, input.TableName)
  if (typeof input.IndexName !== 'string') return [table]
  return [{ ...table, resource: `${table.resource}/index/${input.IndexName}` }]
}

const transactionVerbs: Readonly<Record<string, string>> = {
  Get: 'GetItem',
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  ConditionCheck: 'ConditionCheckItem',
}

function tableArn(region: string, table: string): string {
  return table.startsWith('arn:') ? table : `arn:aws:dynamodb:${region}:${accountId}:table/${table}`
}

function distinct(permissions: readonly Permission[]): Permission[] {
  return [...new Map(permissions.map((wanted) => [`${wanted.action} ${wanted.resource}`, wanted])).values()]
}
