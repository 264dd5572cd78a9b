import type { VNode } from 'preact'
import { Board } from '../board/board.tsx'
import type { Days } from '../elements/period.ts'
import { formatDateTime } from '../format.ts'
import { MeetingPage } from '../meetings/meeting-page.tsx'
import { RoomPage } from '../rooms/room-page.tsx'
import type { Address } from '../state/address.ts'
import { translate } from '../words.ts'
import { BoxesPage } from './boxes-page.tsx'
import { ClosedRoomsPage } from './closed-rooms-page.tsx'
import { HealthPage } from './health-page.tsx'
import { RecordingsPage } from './recordings-page.tsx'
import { UserPage } from './user-page.tsx'

export type FoundPage = {
  /** Of the browser tab. */
  readonly title: string
  /** Identifies the page, whatever its filters. */
  readonly key: string
  readonly page: VNode
}

/** @returns the page at the address; the board for an unknown address. */
export function findPage({ path, parameters }: Address): FoundPage {
  const [name = '', id] = path
  const key = JSON.stringify(path)
  const days = { from: parameters.from ?? '', to: parameters.to ?? '' }
  if (name === 'rooms' && id !== undefined) return findRoomPage(id, parameters.meeting, days)
  if (name === 'users' && id !== undefined)
    return { title: `${translate('user')} ${id}`, key, page: <UserPage key={key} id={id} days={days} /> }
  if (name === 'closed') {
    const page = <ClosedRoomsPage key={key} filter={parameters.q ?? ''} days={days} />
    return { title: translate('closedRooms'), key, page }
  }
  if (name === 'recordings') {
    const page = <RecordingsPage key={key} status={parameters.status ?? ''} days={days} />
    return { title: translate('recordings'), key, page }
  }
  if (name === 'boxes') return { title: translate('boxes'), key, page: <BoxesPage key={key} /> }
  if (name === 'health' || name === 'ingestion')
    return { title: translate('health'), key, page: <HealthPage key={key} /> }
  return { title: translate('board'), key: 'board', page: <Board key="board" parameters={parameters} /> }
}

/** @param meeting ISO 8601: when the meeting was opened; undefined for the page of the room. */
function findRoomPage(id: string, meeting: string | undefined, days: Days): FoundPage {
  const key = JSON.stringify(['rooms', id, meeting])
  const title = `${translate('room')} ${id}`
  if (meeting === undefined) return { title, key, page: <RoomPage key={key} id={id} days={days} /> }
  const page = <MeetingPage key={key} roomId={id} openedAt={meeting} />
  return { title: `${translate('meeting')} ${formatDateTime(meeting)} · ${title}`, key, page }
}
