import type { ComponentChildren } from 'preact'
import type { ApiPerson } from '../api-types.ts'
import { RoomLink, UserLink } from '../elements/links.tsx'
import { None } from '../elements/none.tsx'
import { type Column, Table } from '../elements/table.tsx'
import { Time } from '../elements/times.tsx'
import { WireText } from '../elements/wire-text.tsx'
import { translate } from '../words.ts'

const columns: readonly Column<ApiPerson>[] = [
  { title: 'name', cell: ({ user_name }) => (user_name === null ? <None /> : <WireText text={user_name} />) },
  { title: 'userId', cell: ({ user_id }) => <UserLink id={user_id} /> },
  { title: 'presentIn', cell: ({ present_in }) => <PresentRooms ids={present_in} /> },
  { title: 'lastSeenAt', cell: ({ last_seen_at }) => <Time iso={last_seen_at} /> },
]

/** People, each with a link to their sessions. */
export function PeopleTable({ people, empty }: { people: readonly ApiPerson[]; empty: ComponentChildren }) {
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

function PresentRooms({ ids }: { ids: readonly string[] }) {
  if (ids.length === 0) return <None />
  return (
    <ul class="plain">
      {ids.map((id) => (
        <li key={id}>
          <RoomLink id={id} />
        </li>
      ))}
    </ul>
  )
}
