import { useEffect, useMemo } from 'preact/hooks'
import { api } from '../api.ts'
import type { ApiMeeting } from '../api-types.ts'
import { InBrackets } from '../elements/in-brackets.tsx'
import { Loading } from '../elements/loading.tsx'
import { formatRange, formatTo } from '../format.ts'
import { noteRoomNames } from '../rooms/room-names.ts'
import { RoomTitle } from '../rooms/room-title.tsx'
import { changeParameters, formatAddress } from '../state/address.ts'
import { readSeldom } from '../state/read-seldom.ts'
import { useData } from '../state/use-data.ts'
import { translate } from '../words.ts'
import { type MeetingDetails, readMeeting } from './meeting-reader.ts'
import { MeetingView } from './meeting-view.tsx'

/** Attendance reads all sessions of the room. */
const minReadIntervalMs = 15_000

type MeetingPageProps = {
  readonly roomId: string
  /** ISO 8601: when the meeting was opened, or a time in it. */
  readonly openedAt: string
}

type MeetingData = {
  readonly name: string | null
  readonly details: MeetingDetails | undefined
  /** When the meeting was opened if that is another time; its page is shown instead. */
  readonly otherOpenedAt?: string
}

/** One meeting of a room. */
export function MeetingPage({ roomId, openedAt }: MeetingPageProps) {
  const key = `meeting ${roomId} ${openedAt}`
  const read = useMemo(() => readSeldom(() => readData(roomId, openedAt), minReadIntervalMs), [key])
  const { data, isMissing } = useData(key, read)
  const otherOpenedAt = data?.otherOpenedAt
  useEffect(() => {
    if (otherOpenedAt !== undefined) changeParameters({ meeting: otherOpenedAt })
  }, [otherOpenedAt])
  const isLoading = (data === undefined && !isMissing) || otherOpenedAt !== undefined
  return (
    <>
      <RoomTitle id={roomId} name={data?.name ?? null} />
      <p>
        <a href={formatAddress(['rooms', roomId])}>{translate('allMeetings')}</a>
      </p>
      {data?.details !== undefined && <MeetingHeading meeting={data.details.meeting} />}
      {isLoading && <Loading />}
      {!isLoading && data?.details === undefined && <p class="quiet">{translate('noMeeting')}</p>}
      {data?.details !== undefined && <MeetingView details={data.details} />}
    </>
  )
}

/** When the meeting was. */
function MeetingHeading({ meeting: { opened_at, closed_at } }: { meeting: ApiMeeting }) {
  const openedMs = Date.parse(opened_at)
  return (
    <h2 id="meeting-time">
      {translate('meeting')}{' '}
      {closed_at === null ? (
        <>
          {formatTo('minute', openedMs)}
          <InBrackets>{translate('meetingGoesOn')}</InBrackets>
        </>
      ) : (
        formatRange(openedMs, Date.parse(closed_at))
      )}
    </h2>
  )
}

async function readData(roomId: string, openedAt: string): Promise<MeetingData> {
  const openedMs = Date.parse(openedAt)
  if (Number.isNaN(openedMs)) return { name: null, details: undefined }
  const period = { from: openedAt, to: new Date(openedMs + 1).toISOString() }
  const [room, { items }] = await Promise.all([api.findRoom(roomId), api.listMeetings(roomId, period, 1)])
  if (room !== undefined) noteRoomNames([room])
  const meeting = items.find(({ opened_at }) => opened_at === openedAt) ?? items[0]
  if (meeting !== undefined && meeting.opened_at !== openedAt)
    return { name: room?.name ?? null, details: undefined, otherOpenedAt: meeting.opened_at }
  return { name: room?.name ?? null, details: meeting && (await readMeeting(meeting)) }
}
