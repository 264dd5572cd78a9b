import { useEffect, useMemo } from 'preact/hooks'
import { Facts } from '../elements/facts.tsx'
import { Loading } from '../elements/loading.tsx'
import { Translated } from '../elements/translated.tsx'
import { useData } from '../state/use-data.ts'
import { translate } from '../words.ts'
import { type BoardChoice, readChoice } from './board-choice.ts'
import { type BoardData, BoardReader } from './board-reader.ts'
import { BoardTools } from './board-tools.tsx'
import { FirstSteps } from './first-steps.tsx'
import { RoomCard } from './room-card.tsx'
import { RoomList } from './room-list.tsx'
import { filterRooms, sortRooms } from './select-rooms.ts'
import { useVisibleCards } from './visible-cards.ts'

/** The live board. What it shows, and how, stands in the address. */
export function Board({ parameters }: { parameters: Readonly<Record<string, string>> }) {
  const reader = useMemo(() => new BoardReader(), [])
  const { data, refresh } = useData<BoardData>('board', (shown) => reader.load(shown === undefined))
  // The first load reads only the first rooms.
  useEffect(() => {
    if (data !== undefined && data.open === undefined) refresh()
  }, [data, refresh])
  const observe = useVisibleCards(reader, refresh)
  const choice = readChoice(parameters)
  return (
    <>
      <h1>{translate('board')}</h1>
      <Facts
        facts={[
          { name: translate('rooms_open'), value: data?.open?.rooms ?? '…', id: 'rooms-open' },
          {
            name: translate('participants_present'),
            value: data?.open?.participants ?? '…',
            id: 'participants-present',
          },
        ]}
      />
      <BoardTools choice={choice} />
      <h2>{translate('openRooms')}</h2>
      {data === undefined ? <Loading /> : <OpenRooms data={data} choice={choice} observe={observe} />}
    </>
  )
}

type OpenRoomsProps = {
  readonly data: BoardData
  readonly choice: BoardChoice
  readonly observe: (card: Element) => () => void
}

function OpenRooms({ data: { rooms, people }, choice: { filter, order, view }, observe }: OpenRoomsProps) {
  const shown = useMemo(() => sortRooms(filterRooms(rooms, filter), order), [rooms, filter, order])
  if (rooms.length === 0) return <NoRooms />
  if (shown.length === 0)
    return (
      <p class="quiet">
        <Translated text="noMatchingRooms" values={{ filter }} />
      </p>
    )
  if (view === 'list') return <RoomList rooms={shown} />
  return (
    <ul class="cards">
      {shown.map((room) => (
        <RoomCard key={room.room_id} room={room} people={people[room.room_id]} observe={observe} />
      ))}
    </ul>
  )
}

function NoRooms() {
  return (
    <>
      <p class="quiet">{translate('noOpenRooms')}</p>
      <FirstSteps />
    </>
  )
}
