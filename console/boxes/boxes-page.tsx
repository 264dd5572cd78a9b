import { api } from '../api.ts'
import type { ApiBox } from '../api-types.ts'
import { Badge } from '../elements/badge.tsx'
import { Loading } from '../elements/loading.tsx'
import { type Column, Table } from '../elements/table.tsx'
import { Time } from '../elements/times.tsx'
import { WireText } from '../elements/wire-text.tsx'
import { formatAddress } from '../state/address.ts'
import { useData } from '../state/use-data.ts'
import { nameOf } from '../wire-words.ts'
import { translate } from '../words.ts'
import { PortList } from './port-list.tsx'

const columns: readonly Column<ApiBox>[] = [
  { title: 'box', cell: ({ box_code }) => <BoxLink code={box_code} /> },
  { title: 'boxState', cell: ({ state }) => <State state={state} /> },
  { title: 'firstWarning', cell: ({ first_warning_at }) => <Time iso={first_warning_at} /> },
  { title: 'lastWarning', cell: ({ last_warning_at }) => <Time iso={last_warning_at} /> },
  { title: 'ports', cell: ({ ports }) => <PortList ports={ports} withTimes /> },
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

/** Leads to the warnings of the media server. */
function BoxLink({ code }: { code: string }) {
  return (
    <a href={formatAddress(['boxes', code])}>
      <WireText text={code} />
    </a>
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
