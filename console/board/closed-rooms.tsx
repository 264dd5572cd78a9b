import { useEffect, useState } from 'preact/hooks'
import { api } from '../api.ts'
import type { ApiPage, ApiRoom } from '../api-types.ts'
import { EstimatedBadge, Word } from '../elements/badge.tsx'
import { RoomLink } from '../elements/links.tsx'
import { Loading } from '../elements/loading.tsx'
import { type Column, Table } from '../elements/table.tsx'
import { Time } from '../elements/times.tsx'
import { noteFailure } from '../state/load-status.ts'
import { translate } from '../words.ts'
import { filterRooms } from './select-rooms.ts'

const pageSize = 100

const columns: readonly Column<ApiRoom>[] = [
  { title: 'roomName', cell: ({ room_id, name }) => <RoomLink id={room_id} name={name} /> },
  { title: 'opened', cell: ({ opened_at }) => <Time iso={opened_at} /> },
  { title: 'closedAt', cell: ({ closed_at }) => <Time iso={closed_at} /> },
  {
    title: 'reason',
    cell: ({ close_reason, estimated }) => (
      <>
        <Word of="close_reason" value={close_reason} /> <EstimatedBadge estimated={estimated} />
      </>
    ),
  },
]

const latestClosedFirst = (left: ApiRoom, right: ApiRoom) => (right.closed_at ?? '').localeCompare(left.closed_at ?? '')

/** Rooms that are closed, latest first. They are read when they are shown, and not again. */
export function ClosedRooms({ filter }: { filter: string }) {
  const [wanted, setWanted] = useState(pageSize)
  const [page, setPage] = useState<ApiPage<ApiRoom>>()
  useEffect(() => {
    api.listClosedRooms(wanted).then(setPage, noteFailure)
  }, [wanted])
  if (page === undefined) return <Loading />
  return (
    <>
      <Table
        caption={translate('closedRooms')}
        columns={columns}
        rows={filterRooms(page.items, filter).toSorted(latestClosedFirst)}
        keyOf={({ room_id }) => room_id}
        empty={translate('noClosedRooms')}
      />
      {page.cursor !== null && (
        <button type="button" id="more-rooms" onClick={() => setWanted(wanted + pageSize)}>
          {translate('moreRooms')}
        </button>
      )}
    </>
  )
}
