import type { ApiRefusedCallback } from '../api-types.ts'
import { Word } from '../elements/badge.tsx'
import { RoomName } from '../elements/links.tsx'
import { type Column, Table } from '../elements/table.tsx'
import { Time } from '../elements/times.tsx'
import { WireText } from '../elements/wire-text.tsx'
import { useRoomName } from '../rooms/use-room-name.ts'
import { translate } from '../words.ts'
import { RefusalExplanation } from './refusal-explanation.tsx'

const columns: readonly Column<ApiRefusedCallback>[] = [
  { title: 'receivedAt', cell: ({ at }) => <Time iso={at} /> },
  {
    title: 'cause',
    cell: ({ outcome, msg }) => (
      <>
        <Word of="refused_outcome" value={outcome} />
        <span class="explanation quiet">
          <RefusalExplanation outcome={outcome} />
        </span>
        <code>
          <WireText text={msg} />
        </code>
      </>
    ),
  },
  {
    title: 'sourceAddress',
    cell: ({ source_address }) => (
      <span class="address">
        <WireText text={source_address} />
      </span>
    ),
  },
  { title: 'method', cell: ({ method }) => <WireText text={method} /> },
  {
    title: 'parameters',
    cell: ({ parameters }) => (
      <ul class="plain">
        {parameters.map(({ name, value }) => (
          <li key={name}>
            <code>
              <WireText text={name} />=<WireText text={value} />
            </code>
            {name === 'room_id' && <RoomNameOf id={value} />}
          </li>
        ))}
      </ul>
    ),
  },
]

/** The name of the room that a refused callback was about, if there is such a room. */
function RoomNameOf({ id }: { id: string }) {
  const { name, element } = useRoomName<HTMLSpanElement>(id)
  return (
    <span ref={element}>
      <RoomName name={name} />
    </span>
  )
}

/** What refused callbacks sent, so that an operator sees what is wrong with them. */
export function RefusedTable({ refused }: { refused: readonly ApiRefusedCallback[] }) {
  return (
    <Table
      caption={translate('refusedSamples')}
      columns={columns}
      rows={refused}
      keyOf={({ at, outcome, msg, source_address }) => [at, outcome, msg, source_address].join(' ')}
      empty={translate('noRefused')}
    />
  )
}
