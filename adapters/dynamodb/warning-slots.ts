import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { type DynamoDBDocumentClient, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb'
import type { WarningSlots } from '../../core/ports/warning-slots.ts'
import { requestOptions } from '../request-options.ts'
import { sweepGroup } from './sweep-status.ts'

// Conditions of writes. `slot`: the last time that was taken.
const neverTaken = 'attribute_not_exists(slot)'
const longAgo = 'slot <= :earliest'
const recently = 'slot > :earliest AND slot <= :now'

type SlotWrite = Pick<UpdateCommandInput, 'UpdateExpression' | 'ConditionExpression' | 'ExpressionAttributeValues'>

/** Stores the last slot in an item beside the sweep's status. */
export function dynamodbWarningSlots(client: DynamoDBDocumentClient, stateTable: string): WarningSlots {
  const key = { TableName: stateTable, Key: { group: sweepGroup, item: 'warnings' } }

  /** @returns the slot, or undefined if the condition does not hold. */
  async function write(input: SlotWrite, signal: AbortSignal | undefined): Promise<number | undefined> {
    try {
      const command = new UpdateCommand({ ...key, ...input, ReturnValues: 'UPDATED_NEW' })
      const { Attributes } = await client.send(command, requestOptions(signal))
      return Number(Attributes?.slot)
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined
      throw error
    }
  }

  return {
    async take(now, minIntervalMs, signal) {
      const values = { ':now': now, ':earliest': now - minIntervalMs }
      const immediate: SlotWrite = {
        UpdateExpression: 'SET slot = :now',
        ConditionExpression: `${neverTaken} OR ${longAgo}`,
        ExpressionAttributeValues: values,
      }
      const deferred: SlotWrite = {
        UpdateExpression: 'SET slot = slot + :interval',
        ConditionExpression: recently,
        ExpressionAttributeValues: { ...values, ':interval': minIntervalMs },
      }
      return (await write(immediate, signal)) ?? (await write(deferred, signal))
    },
  }
}
