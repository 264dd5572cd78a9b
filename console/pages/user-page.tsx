import { api } from '../api.ts'
import { Loading } from '../elements/loading.tsx'
import { WireText } from '../elements/wire-text.tsx'
import { useData } from '../state/use-data.ts'
import { Attendance } from '../tables/attendance.tsx'
import { translate } from '../words.ts'

/** The sessions of a user across rooms. */
export function UserPage({ id }: { id: string }) {
  const { data, isMissing } = useData(`user ${id}`, () => api.listUserSessions(id))
  return (
    <>
      <h1>
        {translate('user')}{' '}
        <span id="user-id">
          <WireText text={id} />
        </span>
      </h1>
      {isMissing && <p class="quiet">{translate('noUser', { id })}</p>}
      {data === undefined && !isMissing && <Loading />}
      {data !== undefined && (
        <Attendance owner={{ user: id }} sessions={data.items} isTruncated={data.cursor !== null} acrossRooms />
      )}
    </>
  )
}
