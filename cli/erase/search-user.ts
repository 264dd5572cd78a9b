import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import pMap from 'p-map'
import { createEventClassifier, type LogItem } from '../../adapters/dynamodb/user-data/classify-event.ts'
import { createStateClassifier, type StateItem } from '../../adapters/dynamodb/user-data/classify-state.ts'
import { eraseItem } from '../../adapters/dynamodb/user-data/erase-item.ts'
import type { FoundItem, UserQuery } from '../../adapters/dynamodb/user-data/found-item.ts'
import { type ScannedPage, scanEventLog, scanState } from '../../adapters/dynamodb/user-data/search-tables.ts'
import { addFound, createFindings, type Findings } from './findings.ts'

export interface UserTables {
  readonly client: DynamoDBDocumentClient
  readonly eventLogTable: string
  readonly stateTable: string
}

export interface SearchOptions {
  /** `find` changes nothing. `erase_all` also erases the state that new events may have led to; it is folded again. */
  readonly mode: 'find' | 'erase_all' | 'erase_rest'
  readonly signal: AbortSignal
  /** Called with the number of items looked at so far. */
  readonly onScanned: (count: number) => void
  /** What has been found so far; kept current, so that it can be reported if the search is stopped. */
  readonly findings?: Findings
}

const writeConcurrency = 16

/**
 * Searches both tables for what is stored about a person, and erases it if asked to.
 *
 * The log comes first: a state that is folded again in between then no longer has the erased events.
 */
export async function searchUser(tables: UserTables, query: UserQuery, options: SearchOptions): Promise<Findings> {
  const { mode, signal, onScanned, findings = createFindings() } = options
  const { client, eventLogTable, stateTable } = tables
  let scanned = 0
  const visit = async <Item>(
    pages: AsyncIterable<ScannedPage<Item>>,
    tableName: string,
    classify: (item: Item) => FoundItem | undefined,
  ) => {
    for await (const page of pages) {
      const found = page.items.flatMap((item) => classify(item) ?? [])
      await pMap(
        found,
        async (one) => {
          const isErasing = mode !== 'find' && (one.action === 'delete' || one.action === 'rewrite')
          const isDone = isErasing ? await eraseItem(client, tableName, one, signal) : true
          addFound(findings, one, isDone)
        },
        { concurrency: writeConcurrency },
      )
      scanned += page.scanned
      onScanned(scanned)
    }
  }
  const { userId } = query
  const log = scanEventLog<LogItem>({ client, tableName: eventLogTable, signal }, userId)
  await visit(log, eventLogTable, createEventClassifier(query))
  const later = mode === 'erase_rest' ? findings.laterRooms : undefined
  const state = scanState<StateItem>({ client, tableName: stateTable, signal }, userId)
  await visit(state, stateTable, createStateClassifier(query, later))
  return findings
}
