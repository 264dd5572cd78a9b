import type { VNode } from 'preact'
import { Board } from '../board/board.tsx'
import { BoxPage } from '../boxes/box-page.tsx'
import { BoxesPage } from '../boxes/boxes-page.tsx'
import type { Days } from '../elements/period.ts'
import { isolate } from '../elements/visible-text.ts'
import { formatDateTime } from '../format.ts'
import { MeetingPage } from '../meetings/meeting-page.tsx'
import { PeoplePage } from '../people/people-page.tsx'
import { findUserName } from '../people/user-names.ts'
import { findRoomName } from '../rooms/room-names.ts'
import { RoomPage } from '../rooms/room-page.tsx'
import type { Address } from '../state/address.ts'
import { UsagePage } from '../usage/usage-page.tsx'
import { type TextKey, translate } from '../words.ts'
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
    return { title: titleOf('user', [findUserName(id), id]), key, page: <UserPage key={key} id={id} days={days} /> }
  if (name === 'boxes' && id !== undefined)
    return { title: titleOf('box', [id]), key, page: <BoxPage key={key} code={id} days={days} /> }
  return findListPage(name, key, parameters, days)
}

function findListPage(name: string, key: string, parameters: Address['parameters'], days: Days): FoundPage {
  const { q = '', status = '' } = parameters
  switch (name) {
    case 'closed':
      return { title: translate('closedRooms'), key, page: <ClosedRoomsPage key={key} filter={q} days={days} /> }
    case 'people':
      return { title: translate('people'), key, page: <PeoplePage key={key} filter={q} /> }
    case 'recordings':
      return { title: translate('recordings'), key, page: <RecordingsPage key={key} status={status} days={days} /> }
    case 'usage':
      return { title: translate('usage'), key, page: <UsagePage key={key} parameters={parameters} /> }
    case 'boxes':
      return { title: translate('boxes'), key, page: <BoxesPage key={key} /> }
    case 'health':
    case 'ingestion':
      return { title: translate('health'), key, page: <HealthPage key={key} /> }
    default:
      return { title: translate('board'), key: 'board', page: <Board key="board" parameters={parameters} /> }
  }
}

/** @param meeting ISO 8601: when the meeting was opened; undefined for the page of the room. */
function findRoomPage(id: string, meeting: string | undefined, days: Days): FoundPage {
  const key = JSON.stringify(['rooms', id, meeting])
  const title = titleOf('room', [id, findRoomName(id)])
  if (meeting === undefined) return { title, key, page: <RoomPage key={key} id={id} days={days} /> }
  const page = <MeetingPage key={key} roomId={id} openedAt={meeting} />
  return { title: `${translate('meeting')} ${isolate(formatDateTime(meeting))} · ${title}`, key, page }
}

/** @param names the id and the name, as far as they are known, in the order of the page's heading. */
function titleOf(kind: TextKey, names: readonly (string | null)[]): string {
  const known = names.filter((name) => name !== null)
  return [translate(kind), ...known.map(isolate)].join(' ')
}
