import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb'
import { type DynamoDBDocumentClient, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb'
import type { RobotStates } from '../../core/ports/robot-states.ts'
import { maxPauseMs, type RobotTrouble } from '../../core/retries/robot-pause.ts'
import * as chatState from '../../names/chat-state.ts'
import { requestOptions } from '../request-options.ts'
import { readItems } from './batch-get.ts'
import { expiryOf } from './expiry.ts'
import type { ItemKey } from './keys.ts'

/** `next_at`: ms since 1970, before which nothing may be sent. `trouble`: absent if the robot takes messages. */
type RobotItem = ItemKey & { readonly next_at: number; readonly trouble?: RobotTrouble }

/** The item of a robot that was removed from the secret expires. */
const retentionDays = 30

const setNext = 'SET next_at = :next, expires_at = :expires'
const isFree = 'attribute_not_exists(next_at) OR next_at <= :now OR next_at > :latest'
/** ms. The clocks of two instances can differ a little. */
const maxClockDifferenceMs = 60_000

const keyOf = (id: string): ItemKey => ({ group: chatState.group, item: id })
const nextValues = (nextAt: number) => ({ ':next': nextAt, ':expires': expiryOf(nextAt, retentionDays) })

/** Stores what is known about each robot in an item of its own (docs/data-model.md). */
export function dynamodbRobotStates(client: DynamoDBDocumentClient, stateTable: string): RobotStates {
  const update = (id: string, input: Omit<UpdateCommandInput, 'TableName' | 'Key'>, signal: AbortSignal | undefined) =>
    client.send(new UpdateCommand({ TableName: stateTable, Key: keyOf(id), ...input }), requestOptions(signal))

  const readRobots = async (ids: readonly string[], signal: AbortSignal | undefined): Promise<RobotItem[]> => {
    const items = await readItems<RobotItem>(client, stateTable, ids.map(keyOf), { consistent: true, signal })
    return [...items.values()]
  }

  return {
    async takeTurn(id, now, expiresAt, signal) {
      const input = {
        UpdateExpression: setNext,
        ConditionExpression: isFree,
        ExpressionAttributeValues: {
          ...nextValues(expiresAt),
          ':now': now,
          ':latest': now + maxPauseMs + maxClockDifferenceMs,
        },
        ReturnValues: 'ALL_NEW',
      } as const
      try {
        const { Attributes } = await update(id, input, signal)
        return { outcome: 'taken', trouble: (Attributes as RobotItem | undefined)?.trouble }
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error
        const [robot] = await readRobots([id], signal)
        return { outcome: 'busy', until: robot?.next_at ?? now }
      }
    },
    async endTurn(id, nextAt, trouble, signal) {
      const values = nextValues(nextAt)
      const input =
        trouble === undefined
          ? { UpdateExpression: `${setNext} REMOVE trouble`, ExpressionAttributeValues: values }
          : {
              UpdateExpression: `${setNext}, trouble = :trouble`,
              ExpressionAttributeValues: { ...values, ':trouble': trouble },
            }
      await update(id, input, signal)
    },
    async readTroubles(ids, signal) {
      const robots = await readRobots(ids, signal)
      return new Map(robots.flatMap(({ item, trouble }) => (trouble === undefined ? [] : [[item, trouble] as const])))
    },
  }
}
