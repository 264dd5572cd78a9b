import { formatAddress } from '../state/address.ts'
import { WireText } from './wire-text.tsx'

/** @param name shown after the id; null if the room has none. */
export function RoomLink({ id, name = null }: { id: string; name?: string | null | undefined }) {
  return (
    <>
      <a href={formatAddress(['rooms', id])}>
        <WireText text={id} />
      </a>
      {name !== null && (
        <span class="room-name">
          {' '}
          <WireText text={name} />
        </span>
      )}
    </>
  )
}

export function UserLink({ id }: { id: string }) {
  return (
    <a href={formatAddress(['users', id])}>
      <WireText text={id} />
    </a>
  )
}
