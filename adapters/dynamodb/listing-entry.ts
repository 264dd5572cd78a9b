import type { StatefulAggregateId } from '../../core/state/aggregate.ts'
import type { KnownCloses } from '../../core/state/closes.ts'
import type { State } from '../../core/state/fold.ts'
import { timeKey } from '../../core/state/order.ts'
import { isPresent } from '../../core/state/participant.ts'
import { type Recording, recordingTime } from '../../core/state/recording.ts'
import type { RoomState } from '../../core/state/room.ts'
import { type ItemKey, itemKey, keyPart } from './keys.ts'
import {
  boxesPartition,
  closedListingOrder,
  listingOrder,
  listingPartition,
  recordingsPartition,
  shardOf,
} from './listing-keys.ts'

/** What lists show of a room. */
type ListedRoomState = Omit<RoomState, 'kind' | 'basis' | keyof KnownCloses>

/** What the listing index holds of a room or a present participant, so that lists read nothing else. Times in ms. */
export type ListingEntry =
  | ({ readonly room_id: string } & ListedRoomState)
  | { readonly room_id: string; readonly user_id: string; readonly joined_at: number }

/** The attributes of an item that the listing index consists of. */
export type ListingAttributes = {
  readonly list: string
  readonly list_order: string
  readonly listed?: ListingEntry
}

/**
 * Places an item in the listing index: open rooms by id with the present participants next to them, closed rooms by the time of
 * the close, recordings by start, and media servers by name. Recordings and media servers have no entry: a copy in the index would cost a write with every
 * change, so lists read their items.
 *
 * @returns undefined if the item is not listed.
 */
export function listingAttributes(
  aggregate: StatefulAggregateId,
  state: State | undefined,
): ListingAttributes | undefined {
  if (aggregate.kind === 'room' && state?.kind === 'room') return roomAttributes(aggregate.room_id, state)
  if (aggregate.kind === 'participant' && state?.kind === 'participant' && state.session !== null && isPresent(state)) {
    const { room_id, user_id } = aggregate
    return {
      list: listingPartition('open', shardOf(room_id)),
      list_order: listingOrder(room_id, user_id),
      listed: { room_id, user_id, joined_at: state.session.joined_at },
    }
  }
  if (aggregate.kind === 'recording' && state?.kind === 'recording')
    return recordingAttributes(itemKey(aggregate), state)
  if (aggregate.kind === 'box' && state?.kind === 'box')
    return { list: boxesPartition, list_order: keyPart(aggregate.box_code) }
  return undefined
}

function roomAttributes(room_id: string, state: RoomState): ListingAttributes {
  const { kind: _kind, closes: _closes, closes_cut: _cut, basis: _basis, ...data } = state
  return {
    list: listingPartition(state.status, shardOf(room_id)),
    list_order: state.status === 'open' ? listingOrder(room_id) : closedListingOrder(room_id, state.closed_at),
    listed: { room_id, ...data },
  }
}

/** @param key of the item that holds the recording. */
export function recordingAttributes({ group, item }: ItemKey, recording: Recording): ListingAttributes {
  return { list: recordingsPartition, list_order: `${timeKey(recordingTime(recording))}#${group}#${item}` }
}
