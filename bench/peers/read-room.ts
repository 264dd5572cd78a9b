import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb'
import pMap from 'p-map'

// A room page that reads each participant with its own query. The user ids are given.

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}))
const TableName = process.env.STATE_TABLE

export async function handler({ room_id, user_ids }: { room_id: string; user_ids: string[] }) {
  const read = async (item: string) => {
    const { Items = [] } = await client.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: '#group = :group AND #item = :item',
        ExpressionAttributeNames: { '#group': 'group', '#item': 'item' },
        ExpressionAttributeValues: { ':group': `room/${room_id}`, ':item': item },
      }),
    )
    return Items[0]
  }
  const room = await read('room')
  const participants = await pMap(user_ids, (user_id) => read(`user/${user_id}`), { concurrency: 32 })
  return { room, participants: participants.filter((item) => item !== undefined) }
}
