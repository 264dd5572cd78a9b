import { api } from '../api.ts'
import { Loading } from '../elements/loading.tsx'
import { changeParameters } from '../state/address.ts'
import { useData } from '../state/use-data.ts'
import { RecordingTable } from '../tables/recording-table.tsx'
import { nameOf } from '../wire-words.ts'
import { translate } from '../words.ts'

const statuses = ['recording', 'stuck', 'stopped', 'ready', 'failed'] as const

/** @param props.status shows all recordings if empty. */
export function RecordingsPage({ status }: { status: string }) {
  const wanted = statuses.find((known) => known === status) ?? ''
  const { data } = useData(`recordings ${wanted}`, async () => (await api.listRecordings(wanted)).items)
  return (
    <>
      <h1>{translate('recordings')}</h1>
      <form class="tools" onSubmit={(event) => event.preventDefault()}>
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
      </form>
      {data === undefined ? <Loading /> : <RecordingTable recordings={data} acrossRooms />}
    </>
  )
}
