import { useMemo } from 'preact/hooks'
import type { ApiAttendance, ApiTimelinePerson } from '../api-types.ts'
import { EstimatedBadge, Word, Words } from '../elements/badge.tsx'
import { UserLink } from '../elements/links.tsx'
import { None } from '../elements/none.tsx'
import { type Column, Table } from '../elements/table.tsx'
import { Duration, Time } from '../elements/times.tsx'
import { WireText } from '../elements/wire-text.tsx'
import { nameOf } from '../wire-words.ts'
import { translate } from '../words.ts'

type Session = ApiTimelinePerson['sessions'][number]

type AttendanceRow = ApiAttendance & { readonly details: readonly Session[] }

const columns: readonly Column<AttendanceRow>[] = [
  { title: 'name', cell: ({ user_name }) => (user_name === null ? <None /> : <WireText text={user_name} />) },
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
  { title: 'sessionCount', cell: (row) => <Sessions row={row} /> },
  { title: 'reconnectCount', cell: ({ reconnects }) => reconnects, isNumber: true },
  {
    title: 'endpoint',
    cell: ({ endpoint_types }) => <Words of="endpoint_type" values={endpoint_types} />,
  },
]

type AttendanceTableProps = {
  readonly attendance: readonly ApiAttendance[]
  /** Their sessions. */
  readonly people: readonly ApiTimelinePerson[]
}

/** One row per person of a meeting, which unfolds to the sessions. */
export function AttendanceTable({ attendance, people }: AttendanceTableProps) {
  const rows = useMemo(() => {
    const sessions = new Map(people.map((person) => [person.user_id, person.sessions]))
    return attendance.map((row) => ({ ...row, details: sessions.get(row.user_id) ?? [] }))
  }, [attendance, people])
  return (
    <Table
      caption={translate('attendance')}
      columns={columns}
      rows={rows}
      keyOf={({ user_id }) => user_id}
      empty={translate('noData')}
    />
  )
}

/** The number of sessions. It unfolds to their times and endpoints, and why they ended. */
function Sessions({ row: { sessions, details } }: { row: AttendanceRow }) {
  return (
    <details class="sessions">
      <summary>{sessions}</summary>
      <ol>
        {details.map((session) => (
          <li key={session.joined_at}>
            <SessionLine session={session} />
          </li>
        ))}
      </ol>
    </details>
  )
}

function SessionLine({
  session: { joined_at, left_at, leave_reason, endpoint_type, estimated },
}: {
  session: Session
}) {
  return (
    <>
      <Time iso={joined_at} /> – {left_at === null ? nameOf('participant_status', 'in_room') : <Time iso={left_at} />}
      {left_at !== null && leave_reason !== null && (
        <>
          {translate('comma')}
          <Word of="leave_reason" value={leave_reason} />
        </>
      )}
      {endpoint_type !== null && (
        <>
          {translate('comma')}
          <Word of="endpoint_type" value={endpoint_type} />
        </>
      )}{' '}
      <EstimatedBadge estimated={estimated} reason={leave_reason} />
    </>
  )
}
