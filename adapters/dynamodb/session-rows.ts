import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import type { SessionRow } from '../../core/ports/session-reader.ts'
import { isPastSession } from '../../core/projection/past-entries.ts'
import type { ParticipantId } from '../../core/state/aggregate.ts'
import { timeKey } from '../../core/state/order.ts'
import { readItems } from './batch-get.ts'
import { itemKey, keyText, pastItemKey } from './keys.ts'
import { stateOf } from './packed-state.ts'
import type { PastSessionItem } from './past-item.ts'
import type { ProjectionItem } from './projection-item.ts'
import type { StartKey } from './query.ts'

/** A session that may have started at `joinedAt` (ms). `key` is the key of its index entry, after which a list continues. */
export type SessionCandidate = {
  readonly participant: ParticipantId
  readonly joinedAt: number
  readonly key: StartKey
}

/**
 * Reads the sessions of the candidates: from the participant's projection if it is the last session or not written yet,
 * otherwise from the item of the past session.
 *
 * @returns in the order of the candidates; undefined for one that started no session, such as a reconnect.
 */
export async function readSessionRows(
  client: DynamoDBDocumentClient,
  stateTable: string,
  candidates: readonly SessionCandidate[],
  signal?: AbortSignal,
): Promise<(SessionRow | undefined)[]> {
  const projections = await readItems<ProjectionItem>(
    client,
    stateTable,
    candidates.map(({ participant }) => itemKey(participant)),
    { consistent: true, signal },
  )
  const found = candidates.map((candidate) =>
    findInProjection(candidate, projections.get(keyText(itemKey(candidate.participant)))),
  )
  const pastSessions = await readItems<PastSessionItem>(
    client,
    stateTable,
    candidates.filter((_, index) => found[index] === 'unknown').map(pastKeyOf),
    { consistent: true, signal },
  )
  return candidates.map((candidate, index) => {
    const row = found[index]
    if (row === 'none') return undefined
    if (row !== 'unknown') return row
    const session = pastSessions.get(keyText(pastKeyOf(candidate)))?.session
    return session && toRow(candidate.participant, session.user_name, session)
  })
}

/** @returns 'none' if the projection proves that no session started then; 'unknown' if it does not show. */
function findInProjection(
  { participant, joinedAt }: SessionCandidate,
  item: ProjectionItem | undefined,
): SessionRow | 'none' | 'unknown' {
  const state = item && stateOf(item)
  if (state?.kind !== 'participant') return 'unknown'
  if (state.session?.joined_at === joinedAt) return toRow(participant, state.user_name, state.session)
  const change = item?.pending_past?.find(({ key }) => key === timeKey(joinedAt))
  if (change === undefined) return 'unknown'
  if (change.entry === null || !isPastSession(change.entry)) return 'none'
  return toRow(participant, change.entry.user_name, change.entry)
}

function toRow(
  { room_id, user_id }: ParticipantId,
  user_name: SessionRow['user_name'],
  session: SessionRow['session'],
): SessionRow {
  return { room_id, user_id, user_name, session }
}

function pastKeyOf({ participant, joinedAt }: SessionCandidate) {
  return pastItemKey(participant, timeKey(joinedAt))
}
