import { api } from '../api.ts'
import { Loading } from '../elements/loading.tsx'
import { type Days, toPeriod } from '../elements/period.ts'
import { PeriodFields } from '../elements/period-fields.tsx'
import { changeParameters } from '../state/address.ts'
import { useData } from '../state/use-data.ts'
import { DownloadButton } from '../tables/download-button.tsx'
import { RecordingTable } from '../tables/recording-table.tsx'
import { timeZone } from '../time-zone.ts'
import { nameOf } from '../wire-words.ts'
import { translate } from '../words.ts'

const statuses = ['recording', 'stuck', 'stopped', 'ready', 'failed'] as const

/** The recordings of all rooms. @param props.status shows all of them if empty. */
export function RecordingsPage({ status, days }: { status: string; days: Days }) {
  const wanted = statuses.find((known) => known === status) ?? ''
  const query = { ...(wanted === '' ? {} : { status: wanted }), ...toPeriod(days, timeZone.value) }
  const { data } = useData(`recordings ${JSON.stringify(query)}`, () => api.listRecordings(query))
  return (
    <>
      <h1>{translate('recordings')}</h1>
      <div class="tools">
        <label>
          {translate('status')}
          <select
            id="recording-status"
            value={wanted}
            onChange={({ currentTarget }) => changeParameters({ status: currentTarget.value })}
          >
            <option value="">{translate('allStatuses')}</option>
            {statuses.map((one) => (
              <option key={one} value={one}>
                {nameOf('recording_status', one)}
              </option>
            ))}
          </select>
        </label>
        <PeriodFields days={days} />
        <DownloadButton path="/recordings" query={query} fileName="recordings" />
      </div>
      {data !== undefined && data.cursor !== null && <p class="quiet">{translate('moreInCsv')}</p>}
      {data === undefined ? <Loading /> : <RecordingTable recordings={data.items} acrossRooms />}
    </>
  )
}
