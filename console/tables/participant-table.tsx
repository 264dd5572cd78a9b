import { Fragment } from 'preact'
import type { ApiParticipant } from '../api-types.ts'
import { EstimatedBadge, Word } from '../elements/badge.tsx'
import { UserLink } from '../elements/links.tsx'
import { None } from '../elements/none.tsx'
import { type Column, Table } from '../elements/table.tsx'
import { Time } from '../elements/times.tsx'
import { WireText } from '../elements/wire-text.tsx'
import { translate } from '../words.ts'

const columns: readonly Column<ApiParticipant>[] = [
  { title: 'name', cell: ({ user_name }) => (user_name === null ? <None /> : <WireText text={user_name} />) },
  { title: 'userId', cell: ({ user_id }) => <UserLink id={user_id} /> },
  {
    title: 'joined',
    cell: ({ joined_at, estimated }) => (
      <>
        <Time iso={joined_at} /> <EstimatedBadge estimated={estimated} />
      </>
    ),
  },
  { title: 'endpoint', cell: ({ endpoint_type }) => <Word of="endpoint_type" value={endpoint_type} />, isTag: true },
  { title: 'sends', cell: ({ streams }) => <Streams streams={streams} />, isTag: true },
  {
    title: 'reconnectCount',
    cell: ({ reconnects }) => <span class={reconnects === 0 ? 'zero' : ''}>{reconnects}</span>,
    isNumber: true,
  },
]

/** The people who are in a room. */
export function ParticipantTable({ participants }: { participants: readonly ApiParticipant[] }) {
  return (
    <Table
      caption={translate('peopleNow')}
      columns={columns}
      rows={participants}
      keyOf={({ user_id }) => user_id}
      empty={translate('nobodyPresent')}
      isCompact
    />
  )
}

function Streams({ streams }: Pick<ApiParticipant, 'streams'>) {
  if (streams.length === 0) return <None />
  return streams.map(({ stream_type, resolution }, index) => (
    <Fragment key={index}>
      {index > 0 && translate('listComma')}
      <Word of="stream_type" value={stream_type} />
      {resolution !== null && (
        <>
          {' '}
          <WireText text={resolution} />
        </>
      )}
    </Fragment>
  ))
}
