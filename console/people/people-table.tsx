import type { ApiPerson } from '../api-types.ts'
import { RoomLink, UserLink } from '../elements/links.tsx'
import { type Column, Table } from '../elements/table.tsx'
import { Time } from '../elements/times.tsx'
import { WireText } from '../elements/wire-text.tsx'
import { translate } from '../words.ts'

/** A person, and the rooms that they are in now. */
export type PersonRow = ApiPerson & {
  readonly rooms: readonly { readonly room_id: string; readonly name: string | null }[]
}

const columns: readonly Column<PersonRow>[] = [
  { title: 'name', cell: ({ user_name }) => (user_name === null ? '–' : <WireText text={user_name} />) },
  { title: 'userId', cell: ({ user_id }) => <UserLink id={user_id} /> },
  { title: 'presentIn', cell: ({ rooms }) => <PresentRooms rooms={rooms} /> },
  { title: 'lastSeenAt', cell: ({ last_seen_at }) => <Time iso={last_seen_at} /> },
]

/** People, each with a link to their sessions. */
export function PeopleTable({ people, empty }: { people: readonly PersonRow[]; empty: string }) {
  return (
    <Table
      caption={translate('people')}
      columns={columns}
      rows={people}
      keyOf={({ user_id }) => user_id}
      empty={empty}
    />
  )
}

function PresentRooms({ rooms }: Pick<PersonRow, 'rooms'>) {
  if (rooms.length === 0) return '–'
  return (
    <ul class="plain">
      {rooms.map(({ room_id, name }) => (
        <li key={room_id}>
          <RoomLink id={room_id} name={name} />
        </li>
      ))}
    </ul>
  )
}
