import type { School, ScriptedEvent } from '@northbound/avd-simulator'
import pMap from 'p-map'
import { dynamodbCallbackCounter } from '../../adapters/dynamodb/callback-counter.ts'
import { msPerMinute } from '../../core/usage/usage-hour.ts'
import type { HistoryTables } from './history-tables.ts'

const writeConcurrency = 25

/** Counts the callbacks of each minute, as the function that applies events would have. */
export async function countHistory(tables: HistoryTables, { events }: School, signal: AbortSignal): Promise<void> {
  const callbacks = events.filter(({ source }) => source === 'callback')
  const minutes = Map.groupBy(callbacks, ({ receivedAt }) => Math.floor(receivedAt / msPerMinute))
  const counter = dynamodbCallbackCounter(tables.client, tables.state, tables.retentionDays)
  const count = (inMinute: readonly ScriptedEvent[]) => {
    const lastReceivedAt = Math.max(...inMinute.map(({ receivedAt }) => receivedAt))
    return counter.add({ count: inMinute.length, kinds: countKinds(inMinute), lastReceivedAt }, lastReceivedAt, signal)
  }
  await pMap(minutes.values(), count, { concurrency: writeConcurrency })
}

function countKinds(events: readonly ScriptedEvent[]): Record<string, number> {
  const kinds: Record<string, number> = {}
  for (const { parameters } of events) {
    const { event = '' } = parameters
    kinds[event] = (kinds[event] ?? 0) + 1
  }
  return kinds
}
