import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb'
import type { DirectoryEntry, Sighting } from '../../core/people/directory.ts'
import type { PeopleDirectory } from '../../core/ports/people-directory.ts'
import * as attributeNames from '../../names/attributes.ts'
import { requestOptions } from '../request-options.ts'
import { readItems } from './batch-get.ts'
import { expiryOf } from './expiry.ts'
import { type ItemKey, itemKey, keyPart, keyText } from './keys.ts'
import { stateOf } from './packed-state.ts'
import type { ProjectionItem } from './projection-item.ts'

/** Partition key of the directory in the state table. */
export const peopleGroup = 'people'

export type PersonItem = ItemKey & DirectoryEntry

const writeConcurrency = 25

/** Key of a person's entry. It depends on the id only, so the entry of a person can be found. */
function personKey(userId: string): ItemKey {
  return { group: peopleGroup, item: keyPart(userId) }
}

/** Stores an item for each person, which takes one write unit. */
export function dynamodbPeopleDirectory(
  client: DynamoDBDocumentClient,
  stateTable: string,
  retentionDays: number,
): PeopleDirectory {
  return {
    async readEntries(userIds, signal) {
      const keys = userIds.map(personKey)
      const items = await readItems<PersonItem>(client, stateTable, keys, { consistent: false, signal })
      return new Map([...items.values()].map((entry) => [entry.user_id, entry]))
    },
    // The listing index has no names, so the participants are read.
    async readNames(sightings, signal) {
      const states = await readParticipants(client, stateTable, sightings, signal)
      return new Map(
        [...states].flatMap(([userId, { user_name }]) => (user_name === null ? [] : [[userId, user_name]])),
      )
    },
    async write(entries, signal) {
      const put = ({ user_id, user_name, room_id, seen_at }: DirectoryEntry) => {
        const Item = { ...personKey(user_id), user_id, user_name, room_id, seen_at }
        const expiry = { [attributeNames.expiresAt]: expiryOf(seen_at, retentionDays) }
        const command = new PutCommand({ TableName: stateTable, Item: { ...Item, ...expiry } })
        return client.send(command, requestOptions(signal))
      }
      for (let start = 0; start < entries.length; start += writeConcurrency)
        await Promise.all(entries.slice(start, start + writeConcurrency).map(put))
    },
  }
}

/** Reads the participant of each sighting, by user id. Each user may be in the list once. */
export async function readParticipants(
  client: DynamoDBDocumentClient,
  stateTable: string,
  sightings: readonly Sighting[],
  signal: AbortSignal | undefined,
) {
  const keys = sightings.map(({ room_id, user_id }) => itemKey({ kind: 'participant', room_id, user_id }))
  const items = await readItems<ProjectionItem>(client, stateTable, keys, { consistent: false, signal })
  return new Map(
    sightings.flatMap(({ user_id }, index) => {
      const key = keys[index]
      const item = key && items.get(keyText(key))
      const state = item && stateOf(item)
      return state?.kind === 'participant' ? [[user_id, state] as const] : []
    }),
  )
}
