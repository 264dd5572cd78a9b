import { useMemo } from 'preact/hooks'
import { api } from '../api.ts'
import { Loading } from '../elements/loading.tsx'
import { noteRoomNames } from '../rooms/room-names.ts'
import { RoomTitle } from '../rooms/room-title.tsx'
import { formatAddress } from '../state/address.ts'
import { readSeldom } from '../state/read-seldom.ts'
import { useData } from '../state/use-data.ts'
import { translate } from '../words.ts'
import { type MeetingDetails, readMeeting } from './meeting-reader.ts'
import { MeetingView } from './meeting-view.tsx'

/** Attendance reads all sessions of the room. */
const minReadIntervalMs = 15_000

type MeetingPageProps = {
  readonly roomId: string
  /** ISO 8601: when the meeting was opened. */
  readonly openedAt: string
}

type MeetingData = { readonly name: string | null; readonly details: MeetingDetails | undefined }

/** One meeting of a room. */
export function MeetingPage({ roomId, openedAt }: MeetingPageProps) {
  const key = `meeting ${roomId} ${openedAt}`
  const read = useMemo(() => readSeldom(() => readData(roomId, openedAt), minReadIntervalMs), [key])
  const { data, isMissing } = useData(key, read)
  return (
    <>
      <RoomTitle id={roomId} name={data?.name ?? null} />
      <p>
        <a href={formatAddress(['rooms', roomId])}>{translate('allMeetings')}</a>
      </p>
      {data === undefined && !isMissing && <Loading />}
      {(isMissing || (data !== undefined && data.details === undefined)) && (
        <p class="quiet">{translate('noMeeting')}</p>
      )}
      {data?.details !== undefined && <MeetingView details={data.details} />}
    </>
  )
}

async function readData(roomId: string, openedAt: string): Promise<MeetingData> {
  const openedMs = Date.parse(openedAt)
  if (Number.isNaN(openedMs)) return { name: null, details: undefined }
  const period = { from: openedAt, to: new Date(openedMs + 1).toISOString() }
  const [room, { items }] = await Promise.all([api.findRoom(roomId), api.listMeetings(roomId, period, 1)])
  if (room !== undefined) noteRoomNames([room])
  const meeting = items.find(({ opened_at }) => opened_at === openedAt)
  return { name: room?.name ?? null, details: meeting && (await readMeeting(meeting)) }
}
