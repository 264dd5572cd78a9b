import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { InvalidCursorError } from '../../core/ports/page.ts'
import type { PeopleReader } from '../../core/ports/people-directory.ts'
import { createTextFilter } from '../../core/search/text-filter.ts'
import * as attributeNames from '../../names/attributes.ts'
import { encodeCursor, parseCursor } from './cursor.ts'
import { type PersonItem, peopleGroup, readParticipants } from './people-directory.ts'
import { type QueryPage, queryPage, type StartKey } from './query.ts'

/** Requests for a page. Each reads up to 1 MB, which is some 8,000 people. */
const maxRequests = 20
const listName = 'people'

/** Searches the directory by reading it: one partition of small items, in the order of their keys. */
export function dynamodbPeopleReader(client: DynamoDBDocumentClient, stateTable: string): PeopleReader {
  return {
    async listPeople({ limit, cursor, q }, signal) {
      const matches = createTextFilter(q)
      const query = {
        TableName: stateTable,
        KeyConditionExpression: '#group = :group',
        ExpressionAttributeNames: { '#group': attributeNames.group },
        ExpressionAttributeValues: { ':group': peopleGroup },
        // Most people do not match a search, so that as many as possible are read at once.
        ...(q === undefined && { Limit: limit }),
      }
      const found: PersonItem[] = []
      let start = cursor === null ? undefined : parsePeopleCursor(cursor)
      for (let request = 0; request < maxRequests && found.length < limit; request++) {
        const page: QueryPage<PersonItem> = await queryPage<PersonItem>(client, query, start, signal)
        found.push(...page.items.filter(({ user_id, user_name }) => matches(user_id, user_name)))
        start = page.next
        if (start === undefined) break
      }
      const items = found.slice(0, limit)
      const last = found.length > limit ? items.at(-1) : undefined
      const next = last === undefined ? start?.item : last.item
      return { items, cursor: typeof next === 'string' ? encodeCursor([listName, next]) : null }
    },
    async readLastSeen(entries, signal) {
      const participants = await readParticipants(client, stateTable, entries, signal)
      return new Map(
        entries.flatMap(({ user_id, seen_at }) => {
          const session = participants.get(user_id)?.session
          const lastAt = session?.end?.at ?? session?.joined_at
          return lastAt !== undefined && lastAt > seen_at ? [[user_id, lastAt] as const] : []
        }),
      )
    },
  }
}

/** @throws InvalidCursorError unless `listPeople` issued it. */
function parsePeopleCursor(cursor: string): StartKey {
  const [list, item, ...others] = parseCursor(cursor)
  if (list !== listName || typeof item !== 'string' || item === '' || others.length > 0) throw new InvalidCursorError()
  return { [attributeNames.group]: peopleGroup, [attributeNames.item]: item }
}
