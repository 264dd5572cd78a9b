import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb'
import pMap from 'p-map'
import { type ItemKey, itemKey } from '../../adapters/dynamodb/keys.ts'

// A room page that reads each participant with its own query. The user ids are given.

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}))
const TableName = process.env.STATE_TABLE

export async function handler({ room_id, user_ids }: { room_id: string; user_ids: string[] }) {
  const read = async ({ group, item }: ItemKey) => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: '#group = :group AND #item = :item',
        ExpressionAttributeNames: { '#group': 'group', '#item': 'item' },
        ExpressionAttributeValues: { ':group': group, ':item': item },
      }),
    )
    return Items[0]
  }
  const room = await read(itemKey({ kind: 'room', room_id }))
  const keys = user_ids.map((user_id) => itemKey({ kind: 'participant', room_id, user_id }))
  const participants = await pMap(keys, read, { concurrency: 32 })
  return { room, participants: participants.filter((item) => item !== undefined) }
}
