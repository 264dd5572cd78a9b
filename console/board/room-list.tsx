import type { ApiRoom } from '../api-types.ts'
import { EstimatedBadge } from '../elements/badge.tsx'
import { NamedRoomLink } from '../elements/links.tsx'
import { type Column, Table } from '../elements/table.tsx'
import { Time } from '../elements/times.tsx'
import { translate } from '../words.ts'

const columns: readonly Column<ApiRoom>[] = [
  {
    title: 'roomName',
    cell: ({ room_id, name, estimated }) => (
      <>
        <NamedRoomLink id={room_id} name={name} /> <EstimatedBadge estimated={estimated} />
      </>
    ),
  },
  { title: 'peoplePresent', cell: ({ present }) => <b class="present">{present}</b>, isNumber: true },
  { title: 'opened', cell: ({ opened_at }) => <Time iso={opened_at} /> },
]

/** The open rooms, one line each. */
export function RoomList({ rooms }: { rooms: readonly ApiRoom[] }) {
  return (
    <Table
      caption={translate('openRooms')}
      columns={columns}
      rows={rooms}
      keyOf={({ room_id }) => room_id}
      empty={translate('noOpenRooms')}
    />
  )
}
