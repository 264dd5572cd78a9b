import type { ApiMeeting } from '../api-types.ts'
import { EstimatedBadge, Word } from '../elements/badge.tsx'
import { type Column, Table } from '../elements/table.tsx'
import { Duration, Time } from '../elements/times.tsx'
import { formatAddress } from '../state/address.ts'
import { translate } from '../words.ts'

const columns: readonly Column<ApiMeeting>[] = [
  {
    title: 'meetingStart',
    cell: ({ room_id, opened_at, estimated }) => (
      <>
        <a href={formatAddress(['rooms', room_id], { meeting: opened_at })}>
          <Time iso={opened_at} />
        </a>{' '}
        <EstimatedBadge estimated={estimated} />
      </>
    ),
  },
  {
    title: 'meetingEnd',
    cell: ({ closed_at }) => (closed_at === null ? translate('meetingGoesOn') : <Time iso={closed_at} />),
  },
  { title: 'reason', cell: ({ close_reason }) => <Word of="close_reason" value={close_reason} /> },
  { title: 'duration', cell: ({ seconds }) => <Duration seconds={seconds} />, isNumber: true },
  { title: 'peopleCount', cell: ({ people }) => people, isNumber: true },
  { title: 'peak', cell: ({ peak }) => peak, isNumber: true },
  { title: 'personTime', cell: ({ person_seconds }) => <Duration seconds={person_seconds} />, isNumber: true },
]

/** The meetings of a room. Each leads to its own page. */
export function MeetingTable({ meetings }: { meetings: readonly ApiMeeting[] }) {
  return (
    <Table
      caption={translate('meetings')}
      columns={columns}
      rows={meetings}
      keyOf={({ opened_at }) => opened_at}
      empty={translate('noMeetings')}
    />
  )
}
