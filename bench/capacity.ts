import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'

/** What DynamoDB was asked to do; units as it bills them. */
export type Usage = {
  /** HTTP requests, failed ones included. */
  requests: number
  writeUnits: number
  readUnits: number
}

type Capacity = { CapacityUnits?: number; ReadCapacityUnits?: number; WriteCapacityUnits?: number }

/**
 * Counts every request of a client and the units it consumed, indexes included, as DynamoDB reports them. A write whose
 * condition fails reports nothing and is billed one unit (for items of up to 1 KB).
 */
export function countUsage(client: DynamoDBDocumentClient): Usage {
  const usage: Usage = { requests: 0, writeUnits: 0, readUnits: 0 }
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const name = String(context.commandName)
      const writes = /^(Put|Update|Delete)/.test(name)
      Object.assign(args.input, { ReturnConsumedCapacity: 'TOTAL' })
      usage.requests++
      try {
        const result = await next(args)
        const { ConsumedCapacity = [] } = result.output as { ConsumedCapacity?: Capacity | Capacity[] }
        for (const capacity of [ConsumedCapacity].flat())
          usage[writes ? 'writeUnits' : 'readUnits'] += capacity.CapacityUnits ?? 0
        return result
      } catch (error) {
        if (writes && error instanceof Error && error.name === 'ConditionalCheckFailedException') usage.writeUnits++
        throw error
      }
    },
    { step: 'initialize', name: 'countUsage', priority: 'low' },
  )
  return usage
}
