import type { ApiAttendance } from '../api-types.ts'
import { EstimatedBadge } from '../elements/badge.tsx'
import { UserLink } from '../elements/links.tsx'
import { type Column, Table } from '../elements/table.tsx'
import { Duration, Time } from '../elements/times.tsx'
import { WireText } from '../elements/wire-text.tsx'
import { nameOf } from '../wire-words.ts'
import { translate } from '../words.ts'

const columns: readonly Column<ApiAttendance>[] = [
  { title: 'name', cell: ({ user_name }) => (user_name === null ? '–' : <WireText text={user_name} />) },
  { title: 'userId', cell: ({ user_id }) => <UserLink id={user_id} /> },
  { title: 'firstJoined', cell: ({ first_joined_at }) => <Time iso={first_joined_at} /> },
  {
    title: 'lastLeft',
    cell: ({ last_left_at, estimated }) => (
      <>
        {last_left_at === null ? nameOf('participant_status', 'in_room') : <Time iso={last_left_at} />}{' '}
        <EstimatedBadge estimated={estimated} />
      </>
    ),
  },
  { title: 'duration', cell: ({ seconds }) => <Duration seconds={seconds} />, isNumber: true },
  { title: 'sessionCount', cell: ({ sessions }) => sessions, isNumber: true },
  { title: 'reconnectCount', cell: ({ reconnects }) => reconnects, isNumber: true },
  {
    title: 'endpoint',
    cell: ({ endpoint_types }) => (
      <WireText text={endpoint_types.map((type) => nameOf('endpoint_type', type)).join(', ') || '–'} />
    ),
  },
]

/** One row per person of a meeting. */
export function AttendanceTable({ attendance }: { attendance: readonly ApiAttendance[] }) {
  return (
    <Table
      caption={translate('attendance')}
      columns={columns}
      rows={attendance}
      keyOf={({ user_id }) => user_id}
      empty={translate('noData')}
    />
  )
}
