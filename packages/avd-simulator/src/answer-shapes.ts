import type { Person, Room } from './world.ts'

/**
 * How the list of rooms is written. The platform's own field names are published nowhere, so there are several:
 * `separate` tells the people of a room only when asked about it, `paged` gives 50 rooms at a time, and `custom`
 * can be read only by whoever is told where to look.
 */
export type AnswerShape = 'data.list' | 'rooms' | 'data' | 'separate' | 'custom' | 'paged'

/** Where to look in the shape `custom` (JMESPath). */
export const customListPaths = {
  rooms: 'result.meetings',
  room_id: 'meeting.no',
  users: 'people',
  user_id: 'account.id',
} as const

export const roomsOnPage = 50

/** The answer to `room/list`. @param page from 1; only the shape `paged` has more than one. */
export function roomListAnswer(shape: AnswerShape, rooms: readonly Room[], page: number): object {
  switch (shape) {
    case 'data.list':
      return { ret: 0, data: { list: rooms.map(plainRoom) } }
    case 'rooms': {
      const participants = ({ users }: Room) =>
        users.map(({ user_id, user_name }) => ({ userId: user_id, userName: user_name }))
      return { ret: 0, rooms: rooms.map((room) => ({ roomId: room.room_id, participants: participants(room) })) }
    }
    case 'data':
      return { ret: 0, data: rooms.map(({ room_id, users }) => ({ id: room_id, members: users.map(idOf) })) }
    case 'separate':
      return { ret: 0, room_list: rooms.map(({ room_id }) => ({ room_id })) }
    case 'custom': {
      const people = ({ users }: Room) => users.map(({ user_id }) => ({ account: { id: user_id } }))
      const meetings = rooms.map((room) => ({ meeting: { no: room.room_id }, people: people(room) }))
      return { ret: 0, result: { meetings } }
    }
    case 'paged':
      return pageAnswer(rooms.slice((page - 1) * roomsOnPage, page * roomsOnPage), rooms.length, page)
  }
}

export function pageAnswer(rooms: readonly Room[], total: number, page: number): object {
  return { ret: 0, data: { list: rooms.map(plainRoom), total, page, page_size: roomsOnPage } }
}

/** The answer to `room/participate/list`, the same in every shape. */
export function participantListAnswer({ users }: Room): object {
  return { ret: 0, list: users.map(plainUser) }
}

function plainRoom({ room_id, users }: Room): object {
  return { room_id, users: users.map(plainUser) }
}

function plainUser({ user_id, user_name, endpoint_type }: Person): object {
  return { user_id, user_name, endpoint_type }
}

function idOf({ user_id }: Person): string {
  return user_id
}
