import { RoomName } from '../elements/links.tsx'
import { WireText } from '../elements/wire-text.tsx'
import { translate } from '../words.ts'

/** @param props.name null if it is not known. */
export function RoomTitle({ id, name }: { id: string; name: string | null }) {
  return (
    <h1>
      {translate('room')}{' '}
      <span id="room-id">
        <WireText text={id} />
      </span>
      {name !== null && (
        <span id="room-name">
          <RoomName name={name} />
        </span>
      )}
    </h1>
  )
}
