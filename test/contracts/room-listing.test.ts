import type { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbPresenceReader } from '../../adapters/dynamodb/presence-reader.ts'
import { dynamodbRoomReader } from '../../adapters/dynamodb/room-reader.ts'
import type { RoomStatusFilter } from '../../core/ports/room-reader.ts'
import { applyUntilDone } from '../support/apply.ts'
import { createTables, dynamodbDependencies, startDynalite } from '../support/dynamodb.ts'
import { event } from '../support/events.ts'

const minute = 60_000
const at = (minutes: number) => ({ at: minutes * minute })
const estimated = (minutes: number) => ({ at: minutes * minute, source: 'reconcile' as const })
const join = (room_id: string, user_id: string, minutes: number) => event('join', { room_id, user_id }, at(minutes))

const events = [
  join('unopened', 'a', 1),
  join('unopened', 'b', 2),
  join('left', 'a', 1),
  event('leave', { room_id: 'left', user_id: 'a', event_type: 'normal' }, at(3)),
  event('open', { room_id: 'reused' }, at(1)),
  event('close', { room_id: 'reused', event_type: 'auto' }, at(2)),
  join('reused', 'a', 100),
  event('open', { room_id: 'disputed' }, at(1)),
  event('close', { room_id: 'disputed', event_type: 'reconciled' }, estimated(10)),
  join('disputed', 'a', 15),
  event('open', { room_id: 'empty' }, at(1)),
  event('close', { room_id: 'closed', event_type: 'user' }, at(1)),
]

describe('the lists of rooms', () => {
  let client: DynamoDBClient
  let stop: () => void
  let rooms: ReturnType<typeof dynamodbRoomReader>
  let list: (status: RoomStatusFilter) => Promise<object>
  let findRoom: (roomId: string) => Promise<unknown>
  let countOpen: () => Promise<object>
  let presences: ReturnType<typeof dynamodbPresenceReader>
  beforeAll(async () => {
    ;({ client, stop } = await startDynalite())
    const tables = await createTables(client)
    const documents = documentClient(client)
    const dependencies = dynamodbDependencies(documents, tables)
    for (const each of events) await applyUntilDone(dependencies, [each])
    rooms = dynamodbRoomReader({ client: documents, eventLogTable: tables.eventLog, stateTable: tables.state })
    list = async (status) => {
      const { items } = await rooms.listRooms(status, { limit: 100, cursor: null })
      return Object.fromEntries(items.map(({ room_id, state, joined }) => [room_id, [state.opened_at, joined.length]]))
    }
    findRoom = async (roomId) => {
      const { state, joined } = (await rooms.findRoom(roomId)) ?? {}
      return [state?.status, state?.opened_at, joined?.length]
    }
    countOpen = () => rooms.countOpen()
    presences = dynamodbPresenceReader(documents, { stateTable: tables.state, eventLogTable: tables.eventLog })
  })
  afterAll(() => stop())

  it('contain a room as open while people are in it, whether or not it was opened', async () => {
    expect(await list('open')).toEqual({
      unopened: [1 * minute, 2],
      reused: [100 * minute, 1],
      disputed: [1 * minute, 1],
      empty: [1 * minute, 0],
    })
  })

  it('contain a room as closed after the last person has left', async () => {
    expect(await list('closed')).toEqual({ left: [1 * minute, 0], closed: [null, 0] })
    expect(Object.keys(await list('all'))).toHaveLength(6)
  })

  it.each([1, 2, 5])('contain every room once on pages of %i', async (limit) => {
    const pages: (readonly string[])[] = []
    let cursor: string | null = null
    do {
      const page: Awaited<ReturnType<typeof rooms.listRooms>> = await rooms.listRooms('all', { limit, cursor })
      pages.push(page.items.map(({ room_id }) => room_id))
      cursor = page.cursor
    } while (cursor !== null)
    expect(pages.every(({ length }) => length <= limit)).toBe(true)
    expect(pages.flat().sort()).toEqual(['closed', 'disputed', 'empty', 'left', 'reused', 'unopened'])
  })

  it.each([
    ['unopened', 'open', 1 * minute, 2],
    ['reused', 'open', 100 * minute, 1],
    ['empty', 'open', 1 * minute, 0],
    ['left', 'closed', 1 * minute, 0],
    ['closed', 'closed', null, 0],
    ['clos', undefined, undefined, undefined],
  ])('find the room %s as %s, without reading other rooms', async (roomId, ...expected) => {
    expect(await findRoom(roomId)).toEqual(expected)
  })

  it('count the rooms that are open because people are in them', async () => {
    expect(await countOpen()).toEqual({ rooms: 4, participants: 4 })
  })

  it('give reconciliation the rooms that are open because people are in them, with the time of their last change', async () => {
    const listed = await presences.list()
    expect(listed.filter(({ user_id }) => user_id === undefined)).toHaveLength(4)
    const [unopened, left] = await presences.read([{ room_id: 'unopened' }, { room_id: 'left' }])
    expect(unopened).toMatchObject({ present: true, changed_at: 1 * minute })
    expect(left).toMatchObject({ present: false, changed_at: 3 * minute })
  })

  it('give reconciliation the last event of rooms, including those of people who have left', async () => {
    expect(await presences.readLastEvents(['left', 'disputed', 'empty', 'unknown'])).toEqual(
      new Map([
        ['left', 3 * minute],
        ['disputed', 15 * minute],
        ['empty', 1 * minute],
        ['unknown', 0],
      ]),
    )
  })
})
