import { api } from '../api.ts'
import { Loading } from '../elements/loading.tsx'
import { type Days, toPeriod } from '../elements/period.ts'
import { PeriodFields } from '../elements/period-fields.tsx'
import { Translated } from '../elements/translated.tsx'
import { WireText } from '../elements/wire-text.tsx'
import { useData } from '../state/use-data.ts'
import { DownloadButton } from '../tables/download-button.tsx'
import { SessionTable } from '../tables/session-table.tsx'
import { timeZone } from '../time-zone.ts'
import { translate } from '../words.ts'

/** The sessions of a user across rooms. */
export function UserPage({ id, days }: { id: string; days: Days }) {
  const query = { user_id: id, ...toPeriod(days, timeZone.value) }
  const { data, isMissing } = useData(`user ${JSON.stringify(query)}`, () => api.listUserSessions(query))
  return (
    <>
      <h1>
        {translate('user')}{' '}
        <span id="user-id">
          <WireText text={id} />
        </span>
      </h1>
      {isMissing && (
        <p class="quiet">
          <Translated text="noUser" values={{ id }} />
        </p>
      )}
      {data === undefined && !isMissing && <Loading />}
      {!isMissing && (
        <div class="tools">
          <PeriodFields days={days} />
          <DownloadButton path="/sessions" query={query} fileName={`attendance-${id}`} />
        </div>
      )}
      {data !== undefined && data.cursor !== null && <p class="quiet">{translate('moreInCsv')}</p>}
      {data !== undefined && <SessionTable sessions={data.items} />}
    </>
  )
}
