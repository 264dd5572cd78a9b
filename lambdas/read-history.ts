import type { EventLog } from '../core/ports/event-log.ts'
import type { ProjectionStore } from '../core/ports/projection-store.ts'
import type { AggregateHistory } from '../core/projection/project.ts'
import type { AggregateId } from '../core/state/aggregate.ts'
import { type CloseMark, closesOf } from '../core/state/closes.ts'
import { historyOf } from '../core/state/fold.ts'

export type HistoryStores = { readonly log: EventLog; readonly store: ProjectionStore }

/** Reads what is needed to fold the projection of an aggregate again. */
export async function readHistory(
  { log, store }: HistoryStores,
  aggregate: AggregateId,
  signal: AbortSignal,
): Promise<AggregateHistory> {
  if (aggregate.kind !== 'participant')
    return { events: historyOf(await log.read(aggregate, signal)), closes: [], pastSessions: [] }
  const [events, closes, pastSessions] = await Promise.all([
    log.read(aggregate, signal),
    readCloses({ log }, aggregate.room_id, signal),
    store.readPastSessions(aggregate, signal),
  ])
  return { events: historyOf(events), closes, pastSessions }
}

/** Reads all closes of a room, in order. */
export async function readCloses(
  { log }: Pick<HistoryStores, 'log'>,
  roomId: string,
  signal: AbortSignal,
): Promise<CloseMark[]> {
  return closesOf(historyOf(await log.read({ kind: 'room', room_id: roomId }, signal)))
}
