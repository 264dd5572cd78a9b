import { InvalidCursorError } from '../../core/ports/page.ts'
import { encodeCursor, parseCursor } from './cursor.ts'
import { keyPart } from './keys.ts'

/** The position in the participants of a room: present ones first. `after`: key part of a user id; '' at the start. */
export type RoomPosition = { readonly phase: 'present' | 'left'; readonly after: string }

export function encodeRoomPosition(position: RoomPosition | undefined, roomId: string): string | null {
  return position === undefined ? null : encodeCursor([keyPart(roomId), position.phase, position.after])
}

/** @throws InvalidCursorError if the cursor was not issued for this room, or only present participants are wanted. */
export function parseRoomPosition(cursor: string, roomId: string, presentOnly: boolean): RoomPosition {
  const [room, phase, after] = parseCursor(cursor)
  const isPhase = phase === 'present' || (phase === 'left' && !presentOnly)
  if (room !== keyPart(roomId) || !isPhase || typeof after !== 'string') throw new InvalidCursorError()
  return { phase, after }
}
