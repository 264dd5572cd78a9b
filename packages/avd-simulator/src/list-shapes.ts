import type { SimulatedRoom, SimulatedUser } from './installation-state.ts'

/**
 * The JSON structure of `room/list`. The vendor does not publish the field names, so the simulator offers several
 * plausible structures. `separate` lists rooms without users; `paged` returns 50 rooms per page; `custom` can only be
 * read with the paths in `customListPaths`.
 */
export type ListShape = 'data.list' | 'rooms' | 'data' | 'separate' | 'custom' | 'paged'

/** JMESPath expressions that read the shape `custom`. */
export const customListPaths = {
  rooms: 'result.meetings',
  room_id: 'meeting.no',
  users: 'people',
  user_id: 'account.id',
} as const

export const roomsPerPage = 50

/** Builds the body of `room/list`. @param page starts at 1; used by the shape `paged` only. */
export function buildRoomList(shape: ListShape, rooms: readonly SimulatedRoom[], page: number): object {
  switch (shape) {
    case 'data.list':
      return { ret: 0, data: { list: rooms.map(plainRoom) } }
    case 'rooms': {
      const participants = ({ users }: SimulatedRoom) =>
        users.map(({ user_id, user_name }) => ({ userId: user_id, userName: user_name }))
      return { ret: 0, rooms: rooms.map((room) => ({ roomId: room.room_id, participants: participants(room) })) }
    }
    case 'data': {
      const members = ({ users }: SimulatedRoom) => users.map(({ user_id }) => user_id)
      return { ret: 0, data: rooms.map((room) => ({ id: room.room_id, members: members(room) })) }
    }
    case 'separate':
      return { ret: 0, room_list: rooms.map(({ room_id }) => ({ room_id })) }
    case 'custom': {
      const people = ({ users }: SimulatedRoom) => users.map(({ user_id }) => ({ account: { id: user_id } }))
      const meetings = rooms.map((room) => ({ meeting: { no: room.room_id }, people: people(room) }))
      return { ret: 0, result: { meetings } }
    }
    case 'paged':
      return buildRoomPage(rooms.slice((page - 1) * roomsPerPage, page * roomsPerPage), rooms.length, page)
  }
}

/** Builds one page of the shape `paged`. @param total number of rooms in all pages. */
export function buildRoomPage(rooms: readonly SimulatedRoom[], total: number, page: number): object {
  return { ret: 0, data: { list: rooms.map(plainRoom), total, page, page_size: roomsPerPage } }
}

/** Builds the body of `room/participate/list`. It does not depend on the shape. */
export function buildParticipantList({ users }: SimulatedRoom): object {
  return { ret: 0, list: users.map(plainUser) }
}

function plainRoom({ room_id, users }: SimulatedRoom): object {
  return { room_id, users: users.map(plainUser) }
}

function plainUser({ user_id, user_name, endpoint_type }: SimulatedUser): object {
  return { user_id, user_name, endpoint_type }
}
