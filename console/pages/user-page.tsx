import { Fragment } from 'preact'
import { useEffect } from 'preact/hooks'
import { api } from '../api.ts'
import type { ApiSession } from '../api-types.ts'
import { RoomLink } from '../elements/links.tsx'
import { Loading } from '../elements/loading.tsx'
import { type Days, toPeriod } from '../elements/period.ts'
import { PeriodFields } from '../elements/period-fields.tsx'
import { Translated } from '../elements/translated.tsx'
import { WireText } from '../elements/wire-text.tsx'
import { noteUserName } from '../people/user-names.ts'
import { formatAddress } from '../state/address.ts'
import { useData } from '../state/use-data.ts'
import { DownloadButton } from '../tables/download-button.tsx'
import { SessionTable } from '../tables/session-table.tsx'
import { timeZone } from '../time-zone.ts'
import { translate } from '../words.ts'

/** Where a user is now, and the sessions across rooms. */
export function UserPage({ id, days }: { id: string; days: Days }) {
  const query = { user_id: id, ...toPeriod(days, timeZone.value) }
  const { data, isMissing } = useData(`user ${JSON.stringify(query)}`, () => api.listUserSessions(query))
  // Newest first.
  const name = data?.items.find(({ user_name }) => user_name !== null)?.user_name ?? null
  useEffect(() => {
    if (name !== null) noteUserName(id, name)
  }, [id, name])
  return (
    <>
      <h1>
        {translate('user')} {name !== null && <UserName name={name} />}
        <span id="user-id">
          <WireText text={id} />
        </span>
      </h1>
      {isMissing && <UnknownUser id={id} />}
      {data === undefined && !isMissing && <Loading />}
      {data !== undefined && <Presence sessions={data.items} isComplete={days.to === ''} />}
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

/** What was typed as an id may be a part of a name. */
function UnknownUser({ id }: { id: string }) {
  return (
    <>
      <p class="quiet">
        <Translated text="noUser" values={{ id }} />
      </p>
      <p>
        <a id="search-user" href={formatAddress(['people'], { q: id })}>
          <Translated text="searchUser" values={{ id }} />
        </a>
      </p>
    </>
  )
}

function UserName({ name }: { name: string }) {
  return (
    <>
      <span id="user-name">
        <WireText text={name} />
      </span>{' '}
    </>
  )
}

/** The rooms in which the user is now. @param props.isComplete whether the sessions are known up to now. */
function Presence({ sessions, isComplete }: { sessions: readonly ApiSession[]; isComplete: boolean }) {
  const rooms = [...new Set(sessions.filter(({ left_at }) => left_at === null).map(({ room_id }) => room_id))]
  if (rooms.length === 0) return isComplete ? <p id="present-in">{translate('presentNowhere')}</p> : null
  return (
    <p id="present-in">
      {translate('presentNowIn')}
      {rooms.map((id, index) => (
        <Fragment key={id}>
          {index > 0 && translate('listComma')}
          <RoomLink id={id} />
        </Fragment>
      ))}
    </p>
  )
}
