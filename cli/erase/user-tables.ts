import { retryingDocumentClient } from '../../adapters/dynamodb/client.ts'
import { describeTable } from '../../adapters/dynamodb/server-clock.ts'
import type { Installation } from '../installation.ts'
import type { UserTables } from './search-user.ts'

export function tablesOf(installation: Installation): UserTables {
  return {
    client: retryingDocumentClient(installation.clients),
    eventLogTable: installation.output('EventLogTableName'),
    stateTable: installation.output('StateTableName'),
  }
}

/** @returns the approximate number of items, and a clock that agrees with that of DynamoDB. */
export async function describeTables({ client, eventLogTable, stateTable }: UserTables, signal: AbortSignal) {
  const log = await describeTable(client, eventLogTable, signal)
  const state = await describeTable(client, stateTable, signal)
  return { total: log.itemCount + state.itemCount, now: () => Date.now() + log.clockOffsetMs }
}
