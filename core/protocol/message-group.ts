import { hash } from '../state/hash.ts'

/**
 * The message group of all callbacks that are not verified yet. What they claim to be may be forged, so they must not make the group of
 * a room noisy.
 */
export const unverifiedGroup = 'unverified'

/**
 * The message group of an event or command on the event queue (docs/decisions/0028): one per room, one per media server, and
 * one for everything that names neither. SQS delivers messages of quiet groups first if a group takes up too much of the queue.
 *
 * The id is a hash, because SQS accepts at most 128 characters and no blanks or non-ASCII ones. Two rooms with the same hash only
 * share a group.
 *
 * @param subject the parameters of an event, or the id of an aggregate.
 */
export function messageGroupOf(subject: Readonly<Record<string, string | undefined>>): string {
  const { room_id, box_code } = subject
  if (room_id) return `room-${hash(room_id).toString(36)}`
  if (box_code) return `box-${hash(box_code).toString(36)}`
  return 'other'
}
