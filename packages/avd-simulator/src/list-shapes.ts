import type { SimulatedRoom, SimulatedUser } from './installation-state.ts'

/**
 * The JSON structure of `room/list`. The vendor does not publish the field names, so the simulator offers several
 * plausible structures. `separate` lists rooms without users; `custom` can only be read with the paths in
 * `customListPaths`.
 */
export type ListShape = 'data.list' | 'rooms' | 'data' | 'separate' | 'custom'

/** JMESPath expressions that read the shape `custom`. */
export const customListPaths = {
  rooms: 'result.meetings',
  room_id: 'meeting.no',
  users: 'people',
  user_id: 'account.id',
} as const

// `JSON.rawJSON` is not part of TypeScript's library yet.
declare global {
  interface JSON {
    rawJSON(text: string): unknown
  }
}

/** How the lists are written. */
export interface ListFormat {
  readonly shape: ListShape
  /** Whether ids that are whole numbers are written as numbers, with all their digits. */
  readonly numericIds: boolean
}

/** Builds the body of `room/list`. @param stated fields beside the list. */
export function buildRoomList(format: ListFormat, rooms: readonly SimulatedRoom[], stated: object): object {
  const idOf = (id: string) => formatId(format, id)
  switch (format.shape) {
    case 'data.list':
      return { ret: 0, data: { list: rooms.map((room) => plainRoom(format, room)), ...stated } }
    case 'rooms': {
      const participants = ({ users }: SimulatedRoom) =>
        users.map(({ user_id, user_name }) => ({ userId: idOf(user_id), userName: user_name }))
      const toRoom = (room: SimulatedRoom) => ({
        roomId: idOf(room.room_id),
        roomName: room.room_name,
        participants: participants(room),
      })
      return { ret: 0, rooms: rooms.map(toRoom), ...stated }
    }
    case 'data': {
      const members = ({ users }: SimulatedRoom) => users.map(({ user_id }) => idOf(user_id))
      return { ret: 0, data: rooms.map((room) => ({ id: idOf(room.room_id), members: members(room) })), ...stated }
    }
    case 'separate':
      return {
        ret: 0,
        room_list: rooms.map(({ room_id, room_name }) => ({ room_id: idOf(room_id), topic: room_name })),
        ...stated,
      }
    case 'custom': {
      const people = ({ users }: SimulatedRoom) => users.map(({ user_id }) => ({ account: { id: idOf(user_id) } }))
      const meetings = rooms.map((room) => ({ meeting: { no: idOf(room.room_id) }, people: people(room) }))
      return { ret: 0, result: { meetings, ...stated } }
    }
  }
}

/** Builds the body of `room/participate/list`. It does not depend on the shape. */
export function buildParticipantList(format: ListFormat, { users }: SimulatedRoom): object {
  return { ret: 0, list: users.map((user) => plainUser(format, user)) }
}

/** Builds the body of `room/list` with rooms that state the number of their users, but list only some of them. */
export function buildShortenedRoomList(format: ListFormat, rooms: readonly SimulatedRoom[], maxUsers: number): object {
  const list = rooms.map((room) => ({
    ...plainRoom(format, { ...room, users: room.users.slice(0, maxUsers) }),
    user_count: room.users.length,
  }))
  return { ret: 0, data: { list } }
}

function plainRoom(format: ListFormat, { room_id, room_name, users }: SimulatedRoom): object {
  return { room_id: formatId(format, room_id), room_name, users: users.map((user) => plainUser(format, user)) }
}

function plainUser(format: ListFormat, { user_id, user_name, endpoint_type }: SimulatedUser): object {
  return { user_id: formatId(format, user_id), user_name, endpoint_type }
}

function formatId({ numericIds }: ListFormat, id: string): unknown {
  return numericIds && /^(0|[1-9]\d*)$/.test(id) ? JSON.rawJSON(id) : id
}
