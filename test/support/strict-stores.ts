import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { toCheckpointItem } from '../../adapters/dynamodb/checkpoint-item.ts'
import { toEventItem } from '../../adapters/dynamodb/event-item.ts'
import { toQuarantineItem } from '../../adapters/dynamodb/event-log.ts'
import { toPastItem } from '../../adapters/dynamodb/past-item.ts'
import { requireState, toProjectionItem } from '../../adapters/dynamodb/projection-item.ts'
import { toConflictItem } from '../../adapters/dynamodb/record-conflict.ts'
import type { EventLog } from '../../core/ports/event-log.ts'
import type { ProjectionStore } from '../../core/ports/projection-store.ts'
import { verifyItem } from './item-limits.ts'

const retentionDays = 400
/** Characters of JSON. Smaller values make valid items, so that building and measuring them would only cost time. */
const maxUnmeasuredLength = 10_000

/** Verifies the item that `build` makes of the value, unless the value is small and well-formed. */
function verifyItemOf(value: object, build: () => Readonly<Record<string, unknown>>): void {
  const text = JSON.stringify(value)
  // JSON escapes lone surrogates and nothing else like this.
  if (text.length > maxUnmeasuredLength || text.includes('\\ud')) verifyItem(build())
}

/** Returns the log in memory with the limits of DynamoDB. */
export function limitEventLog<Log extends EventLog>(log: Log): Log {
  return {
    ...log,
    async append(event) {
      try {
        verifyItemOf(event, () => toEventItem(event, retentionDays))
      } catch {
        return 'impossible'
      }
      return log.append(event)
    },
    async replace(holder, next) {
      verifyItemOf(next, () => toEventItem(next.event, retentionDays))
      return log.replace(holder, next)
    },
    async quarantine(record) {
      verifyItemOf(record, () => toQuarantineItem(record, retentionDays))
      return log.quarantine(record)
    },
    async recordConflict(event, rival) {
      verifyItemOf(event, () => toConflictItem(event, { received_at: event.received_at, rival: '' }, retentionDays))
      return log.recordConflict(event, rival)
    },
  }
}

/** Returns the store in memory with the limits of DynamoDB. */
export function limitProjectionStore(store: ProjectionStore): ProjectionStore {
  return {
    ...store,
    async write(projection) {
      verifyItemOf(projection, () => toProjectionItem(projection, retentionDays))
      return store.write(projection)
    },
    async upsertPastEntry(aggregate, change, version) {
      verifyItemOf(change, () => toPastItem(aggregate, change, version, retentionDays))
      return store.upsertPastEntry(aggregate, change, version)
    },
    async upsertCheckpoint(aggregate, change, version) {
      verifyItemOf(change, () => toCheckpointItem(requireState(aggregate), change, version, retentionDays))
      return store.upsertCheckpoint(aggregate, change, version)
    },
  }
}

/** Makes the client reject items that DynamoDB rejects and an emulation may accept. */
export function limitItems(client: DynamoDBDocumentClient): DynamoDBDocumentClient {
  client.middlewareStack.add(
    (next) => async (request) => {
      if (request.input instanceof Object && 'Item' in request.input) verifyItem(request.input.Item as never)
      return next(request)
    },
    { step: 'initialize', priority: 'high' },
  )
  return client
}
