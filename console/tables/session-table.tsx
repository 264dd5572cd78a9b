import type { ApiSession } from '../api-types.ts'
import { EstimatedBadge, Word } from '../elements/badge.tsx'
import { RoomLink } from '../elements/links.tsx'
import { None } from '../elements/none.tsx'
import { type Column, Table } from '../elements/table.tsx'
import { Duration, Time } from '../elements/times.tsx'
import { WireText } from '../elements/wire-text.tsx'
import { formatAddress } from '../state/address.ts'
import { translate } from '../words.ts'

const columns: readonly Column<ApiSession>[] = [
  { title: 'roomName', cell: ({ room_id }) => <RoomLink id={room_id} /> },
  { title: 'name', cell: ({ user_name }) => (user_name === null ? <None /> : <WireText text={user_name} />) },
  { title: 'joined', cell: ({ room_id, joined_at }) => <MeetingLink roomId={room_id} at={joined_at} /> },
  { title: 'leftAt', cell: ({ left_at }) => <Time iso={left_at} /> },
  { title: 'duration', cell: ({ seconds }) => <Duration seconds={seconds} />, isNumber: true },
  { title: 'reason', cell: ({ leave_reason }) => <Word of="leave_reason" value={leave_reason} /> },
  { title: 'endpoint', cell: ({ endpoint_type }) => <Word of="endpoint_type" value={endpoint_type} /> },
  { title: 'reconnectCount', cell: ({ reconnects }) => reconnects, isNumber: true },
  {
    title: 'status',
    cell: ({ left_at, estimated }) => (
      <>
        <Word of="participant_status" value={left_at === null ? 'in_room' : 'left'} />{' '}
        <EstimatedBadge estimated={estimated} />
      </>
    ),
  },
]

/** Leads to the meeting of the room at that time. */
function MeetingLink({ roomId, at }: { roomId: string; at: string }) {
  return (
    <a href={formatAddress(['rooms', roomId], { meeting: at })}>
      <Time iso={at} />
    </a>
  )
}

/** The sessions of a user across rooms. */
export function SessionTable({ sessions }: { sessions: readonly ApiSession[] }) {
  return (
    <Table
      caption={translate('attendance')}
      columns={columns}
      rows={sessions}
      keyOf={({ room_id, joined_at }) => `${room_id} ${joined_at}`}
      empty={translate('noData')}
    />
  )
}
