import { api } from '../api.ts'
import type { ApiBox } from '../api-types.ts'
import { Badge } from '../elements/badge.tsx'
import { groupPorts } from '../elements/group-ports.ts'
import { Loading } from '../elements/loading.tsx'
import { type Column, Table } from '../elements/table.tsx'
import { Time } from '../elements/times.tsx'
import { WireText } from '../elements/wire-text.tsx'
import { useData } from '../state/use-data.ts'
import { nameOf } from '../wire-words.ts'
import { translate } from '../words.ts'

const columns: readonly Column<ApiBox>[] = [
  { title: 'box', cell: ({ box_code }) => <WireText text={box_code} /> },
  { title: 'boxState', cell: ({ state }) => <State state={state} /> },
  { title: 'firstWarning', cell: ({ first_warning_at }) => <Time iso={first_warning_at} /> },
  { title: 'lastWarning', cell: ({ last_warning_at }) => <Time iso={last_warning_at} /> },
  { title: 'ports', cell: ({ ports }) => <Ports ports={ports} /> },
  { title: 'alertsSent', cell: ({ alerts_sent }) => alerts_sent, isNumber: true },
  { title: 'alertsSuppressed', cell: ({ alerts_suppressed }) => alerts_suppressed, isNumber: true },
]

/** Media servers that have had port warnings. */
export function BoxesPage() {
  const { data } = useData('boxes', async () => (await api.listBoxes()).items)
  return (
    <>
      <h1>{translate('boxes')}</h1>
      {data === undefined ? (
        <Loading />
      ) : (
        <Table
          caption={translate('boxes')}
          columns={columns}
          rows={data}
          keyOf={({ box_code }) => box_code}
          empty={translate('noBoxes')}
        />
      )}
    </>
  )
}

function State({ state }: Pick<ApiBox, 'state'>) {
  const isQuiet = state === 'quiet'
  return (
    <Badge
      text={nameOf('box_state', state)}
      kind={isQuiet ? 'plain' : 'bad'}
      title={isQuiet ? translate('quietHelp') : undefined}
    />
  )
}

function Ports({ ports }: Pick<ApiBox, 'ports'>) {
  return (
    <ul class="plain">
      {groupPorts(ports).map(({ type, port, lastPort, last_seen_at }) => (
        <li key={`${type} ${port}`}>
          <WireText text={type} /> {port === lastPort ? port : `${port}–${lastPort}`}, {translate('lastSeen')}{' '}
          <Time iso={last_seen_at} />
        </li>
      ))}
    </ul>
  )
}
