import { useState } from 'preact/hooks'
import { api } from '../api.ts'
import type { ApiEvent } from '../api-types.ts'
import { Loading } from '../elements/loading.tsx'
import { None } from '../elements/none.tsx'
import { type Days, toPeriod } from '../elements/period.ts'
import { PeriodFields } from '../elements/period-fields.tsx'
import { type Column, Table } from '../elements/table.tsx'
import { Time } from '../elements/times.tsx'
import { Translated } from '../elements/translated.tsx'
import { WireText } from '../elements/wire-text.tsx'
import { linkToPage } from '../state/address.ts'
import { useData } from '../state/use-data.ts'
import { timeZone } from '../time-zone.ts'
import { translate } from '../words.ts'
import { parsePorts } from './parse-ports.ts'
import { PortList } from './port-list.tsx'

const pageSize = 100

const columns: readonly Column<ApiEvent>[] = [
  { title: 'receivedAt', cell: ({ received_at }) => <Time iso={received_at} /> },
  { title: 'ports', cell: (warning) => <WarnedPorts warning={warning} /> },
]

/** The warnings of a media server, newest first. */
export function BoxPage({ code, days }: { code: string; days: Days }) {
  const [wanted, setWanted] = useState(pageSize)
  const query = toPeriod(days, timeZone.value)
  const key = `box ${wanted} ${code} ${JSON.stringify(query)}`
  const { data, isMissing } = useData(key, () => api.listWarnings(code, query, wanted))
  return (
    <>
      <h1>
        {translate('box')} <WireText text={code} />
      </h1>
      <p>
        <a href={linkToPage('boxes')}>{translate('allBoxes')}</a>
      </p>
      {isMissing && (
        <p class="quiet">
          <Translated text="noBox" values={{ code }} />
        </p>
      )}
      {!isMissing && (
        <div class="tools">
          <PeriodFields days={days} />
        </div>
      )}
      {data === undefined && !isMissing && <Loading />}
      {data !== undefined && (
        <Table
          caption={translate('portWarnings')}
          columns={columns}
          rows={data.items}
          keyOf={({ trace_id, received_at }) => `${received_at} ${trace_id}`}
          empty={translate('noWarnings')}
        />
      )}
      {data !== undefined && data.cursor !== null && (
        <button type="button" id="more-warnings" onClick={() => setWanted(wanted + pageSize)}>
          {translate('moreWarnings')}
        </button>
      )}
    </>
  )
}

/** The ports of a warning, or what was sent if they cannot be read. */
function WarnedPorts({ warning }: { warning: ApiEvent }) {
  const ports = parsePorts(warning)
  if (ports !== undefined) return <PortList ports={ports} />
  const { options } = warning.params
  return typeof options === 'string' ? (
    <code>
      <WireText text={options} />
    </code>
  ) : (
    <None />
  )
}
