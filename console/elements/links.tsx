import { useRoomName } from '../rooms/use-room-name.ts'
import { formatAddress } from '../state/address.ts'
import { WireText } from './wire-text.tsx'

/** A link to a room whose name came with other data. @param props.name shown after the id; null if the room has none. */
export function NamedRoomLink({ id, name }: { id: string; name: string | null }) {
  return (
    <>
      <a href={formatAddress(['rooms', id])}>
        <WireText text={id} />
      </a>
      <RoomName name={name} />
    </>
  )
}

/** A link to a room. Its name is read when it is on the screen. */
export function RoomLink({ id }: { id: string }) {
  const { name, element } = useRoomName<HTMLSpanElement>(id)
  return (
    <span ref={element}>
      <NamedRoomLink id={id} name={name} />
    </span>
  )
}

export function RoomName({ name }: { name: string | null }) {
  if (name === null) return null
  return (
    <span class="room-name">
      {' '}
      <WireText text={name} />
    </span>
  )
}

export function UserLink({ id }: { id: string }) {
  return (
    <a href={formatAddress(['users', id])}>
      <WireText text={id} />
    </a>
  )
}
