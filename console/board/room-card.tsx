import { useEffect, useRef } from 'preact/hooks'
import type { ApiParticipant, ApiRoom } from '../api-types.ts'
import { Badge, EstimatedBadge } from '../elements/badge.tsx'
import { NamedRoomLink, UserLink } from '../elements/links.tsx'
import { memo } from '../elements/memo.ts'
import { Time } from '../elements/times.tsx'
import { WireText } from '../elements/wire-text.tsx'
import { nameOf } from '../wire-words.ts'
import { translate } from '../words.ts'
import { type CardPeople, maxPeople } from './card-reader.ts'

type RoomCardProps = {
  readonly room: ApiRoom
  /** Undefined until they have been read. */
  readonly people: CardPeople | undefined
  readonly observe: (card: Element) => () => void
}

export const RoomCard = memo(({ room, people, observe }: RoomCardProps) => {
  const card = useRef<HTMLLIElement>(null)
  useEffect(() => (card.current === null ? undefined : observe(card.current)), [observe])
  return (
    <li
      class="card"
      data-room={room.room_id}
      ref={card}
      style={{ containIntrinsicSize: `auto ${estimateHeight(room.present)}px` }}
    >
      <h3>
        <NamedRoomLink id={room.room_id} name={room.name} /> <EstimatedBadge estimated={room.estimated} />
      </h3>
      <p>
        <b class="present">{room.present}</b> {translate('presentSince')} <Time iso={room.opened_at} />
      </p>
      {people !== undefined && <People people={people} />}
    </li>
  )
})

/** Pixels that the browser assumes for a card until it has been on the screen, so that the scroll position stays right. */
function estimateHeight(present: number): number {
  const lines = Math.min(present, maxPeople) + Number(present > maxPeople)
  return 75 + lines * 31
}

function People({ people: { participants, omitted } }: { people: CardPeople }) {
  return (
    <ul class="people">
      {participants.map((participant) => (
        <Person key={participant.user_id} participant={participant} />
      ))}
      {omitted > 0 && (
        <li class="quiet" title={translate('morePresent', { count: omitted })}>
          +{omitted}
        </li>
      )}
    </ul>
  )
}

const Person = memo(({ participant }: { participant: ApiParticipant }) => {
  const { user_id, user_name, endpoint_type, reconnects, estimated, streams } = participant
  const published = [...new Set(streams.map(({ stream_type }) => stream_type))]
  return (
    <li>
      <span class="name">
        <WireText text={user_name ?? user_id} />
      </span>{' '}
      <UserLink id={user_id} /> {endpoint_type !== null && <Badge text={nameOf('endpoint_type', endpoint_type)} />}
      {published.map((type) => (
        <Badge key={type} text={nameOf('stream_type', type)} kind="good" />
      ))}
      {reconnects > 0 && <Badge text={`${translate('reconnects')} ${reconnects}`} kind="warn" />}
      <EstimatedBadge estimated={estimated} />
    </li>
  )
})
