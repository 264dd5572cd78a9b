import { useState } from 'preact/hooks'
import { api } from '../api.ts'
import type { ApiRoom } from '../api-types.ts'
import { EstimatedBadge, Word } from '../elements/badge.tsx'
import { NamedRoomLink } from '../elements/links.tsx'
import { Loading } from '../elements/loading.tsx'
import { type Days, toPeriod } from '../elements/period.ts'
import { PeriodFields } from '../elements/period-fields.tsx'
import { SearchField } from '../elements/search-field.tsx'
import { type Column, Table } from '../elements/table.tsx'
import { Time } from '../elements/times.tsx'
import { useData } from '../state/use-data.ts'
import { timeZone } from '../time-zone.ts'
import { translate } from '../words.ts'

const pageSize = 100

const columns: readonly Column<ApiRoom>[] = [
  { title: 'roomName', cell: ({ room_id, name }) => <NamedRoomLink id={room_id} name={name} /> },
  { title: 'opened', cell: ({ opened_at }) => <Time iso={opened_at} /> },
  { title: 'closedAt', cell: ({ closed_at }) => <Time iso={closed_at} /> },
  {
    title: 'reason',
    cell: ({ close_reason, estimated }) => (
      <>
        <Word of="close_reason" value={close_reason} /> <EstimatedBadge estimated={estimated} reason={close_reason} />
      </>
    ),
  },
]

type ClosedRoomsPageProps = {
  /** A part of the name or the id. */
  readonly filter: string
  readonly days: Days
}

/** Rooms that are closed, latest close first. */
export function ClosedRoomsPage({ filter, days }: ClosedRoomsPageProps) {
  const [wanted, setWanted] = useState(pageSize)
  const text = filter.trim()
  const query = { ...(text === '' ? {} : { q: text }), ...toPeriod(days, timeZone.value) }
  const key = `closed ${wanted} ${JSON.stringify(query)}`
  const { data } = useData(key, () => api.listClosedRooms(query, wanted))
  return (
    <>
      <h1>{translate('closedRooms')}</h1>
      <div class="tools">
        <SearchField id="filter" label={translate('filterRooms')} value={filter} />
        <PeriodFields days={days} />
      </div>
      {data === undefined ? (
        <Loading />
      ) : (
        <Table
          caption={translate('closedRooms')}
          columns={columns}
          rows={data.items}
          keyOf={({ room_id }) => room_id}
          empty={translate('noClosedRooms')}
        />
      )}
      {data !== undefined && data.cursor !== null && (
        <button type="button" id="more-rooms" onClick={() => setWanted(wanted + pageSize)}>
          {translate('moreRooms')}
        </button>
      )}
    </>
  )
}
