import type { ApiRefusedCallback } from '../api-types.ts'
import { Word } from '../elements/badge.tsx'
import { type Column, Table } from '../elements/table.tsx'
import { Time } from '../elements/times.tsx'
import { WireText } from '../elements/wire-text.tsx'
import { translate } from '../words.ts'

const columns: readonly Column<ApiRefusedCallback>[] = [
  { title: 'receivedAt', cell: ({ at }) => <Time iso={at} /> },
  {
    title: 'cause',
    cell: ({ outcome, msg }) => (
      <>
        <Word of="refused_outcome" value={outcome} />
        <br />
        <code>
          <WireText text={msg} />
        </code>
      </>
    ),
  },
  { title: 'sourceAddress', cell: ({ source_address }) => <WireText text={source_address} /> },
  { title: 'method', cell: ({ method }) => <WireText text={method} /> },
  {
    title: 'parameters',
    cell: ({ parameters }) => (
      <ul class="plain">
        {parameters.map(({ name, value }) => (
          <li key={name}>
            <code>
              <WireText text={`${name}=${value}`} />
            </code>
          </li>
        ))}
      </ul>
    ),
  },
]

/** What refused callbacks sent, so that an operator sees what is wrong with them. */
export function RefusedTable({ refused }: { refused: readonly ApiRefusedCallback[] }) {
  return (
    <>
      <p class="quiet">{translate('refusedHelp')}</p>
      <Table
        caption={translate('refused')}
        columns={columns}
        rows={refused}
        keyOf={({ at, outcome, msg, source_address }) => [at, outcome, msg, source_address].join(' ')}
        empty={translate('noRefused')}
      />
    </>
  )
}
