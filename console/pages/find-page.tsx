import type { VNode } from 'preact'
import { Board } from '../board/board.tsx'
import { RoomPage } from '../rooms/room-page.tsx'
import type { Address } from '../state/address.ts'
import { translate } from '../words.ts'
import { BoxesPage } from './boxes-page.tsx'
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
  if (name === 'rooms' && id !== undefined)
    return { title: `${translate('room')} ${id}`, key, page: <RoomPage key={key} id={id} /> }
  if (name === 'users' && id !== undefined)
    return { title: `${translate('user')} ${id}`, key, page: <UserPage key={key} id={id} /> }
  if (name === 'recordings')
    return { title: translate('recordings'), key, page: <RecordingsPage key={key} status={parameters.status ?? ''} /> }
  if (name === 'boxes') return { title: translate('boxes'), key, page: <BoxesPage key={key} /> }
  if (name === 'health' || name === 'ingestion')
    return { title: translate('health'), key, page: <HealthPage key={key} /> }
  return { title: translate('board'), key: 'board', page: <Board key="board" parameters={parameters} /> }
}
