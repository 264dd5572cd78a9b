import type { SessionRow } from '../../core/ports/session-reader.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { expectedSessions, expectedStates } from './apply.ts'

/** A session with the ids of its participant. */
export const flatten = ({ room_id, user_id, user_name, session }: SessionRow) => ({
  room_id,
  user_id,
  user_name,
  ...session,
})
const sortKey = (row: ReturnType<typeof flatten>) =>
  `${row.room_id} ${row.user_id} ${String(row.joined_at).padStart(15, '0')}`
export const sorted = (rows: ReturnType<typeof flatten>[]) =>
  rows.toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1))

/** All sessions as specified by the fold: the past ones, and the last one in the state. */
export function expectedRows(events: readonly NorthboundEvent[]) {
  const rows: ReturnType<typeof flatten>[] = []
  for (const [key, sessions] of expectedSessions(events)) {
    const [, room_id, user_id] = JSON.parse(key)
    for (const { user_name, ...session } of sessions) rows.push({ room_id, user_id, user_name, ...session })
  }
  for (const [key, state] of expectedStates(events)) {
    const [, room_id, user_id] = JSON.parse(key)
    if (state.kind === 'participant' && state.session !== null)
      rows.push({ room_id, user_id, user_name: state.user_name, ...state.session })
  }
  return rows
}
