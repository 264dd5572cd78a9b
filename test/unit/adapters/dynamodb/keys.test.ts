import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  itemKey,
  keyPart,
  participantGroups,
  pastItemKey,
  pastSessionGroups,
  streamKey,
  timelineKey,
  timelineKeys,
} from '../../../../adapters/dynamodb/keys.ts'
import { listingOrder, listingShards, shardOf } from '../../../../adapters/dynamodb/listing-keys.ts'
import { type AggregateId, type StatefulAggregateId, streamOf } from '../../../../core/state/aggregate.ts'

const pieces = ['a', '/', '#', '%', '~', '%2f', '%2F', '%7e', 'user', 'room', 'other', '/user/', 'a/user/a', '王']
/** Ids that consist of pieces of keys and are therefore likely to collide, long ids, and any text. */
const id = fc.oneof(
  fc.array(fc.constantFrom(...pieces), { maxLength: 4 }).map((parts) => parts.join('')),
  fc.constantFrom('x', '~', '/').chain((char) => fc.integer({ min: 190, max: 230 }).map((size) => char.repeat(size))),
  fc.constantFrom('长'.repeat(66), '长'.repeat(67), keyPart('x'.repeat(201)), keyPart('x'.repeat(202))),
  fc.string({ unit: 'grapheme' }),
)
const stateful: fc.Arbitrary<StatefulAggregateId> = fc.oneof(
  fc.record({ kind: fc.constant('room' as const), room_id: id }),
  fc.record({ kind: fc.constant('participant' as const), room_id: id, user_id: id }),
  fc.record({ kind: fc.constant('recording' as const), room_id: id, recording_id: id }),
  fc.record({ kind: fc.constant('box' as const), box_code: id }),
)
const anyAggregate: fc.Arbitrary<AggregateId> = fc.oneof(
  { weight: 4, arbitrary: stateful },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('other' as const), room_id: fc.option(id, { nil: undefined }) }),
  },
)
const runs = { numRuns: 3000 }

describe('keyPart', () => {
  it('returns a short id without separators unchanged', () => {
    for (const plain of ['18972290508', 'user_1@example.com', '王小明', 'a b', '']) expect(keyPart(plain)).toBe(plain)
  })

  it('contains no separator of key parts', () => {
    fc.assert(
      fc.property(id, (text) => {
        expect(keyPart(text)).not.toMatch(/[#/]/)
      }),
      runs,
    )
  })

  it('is at most 200 bytes long for any id', () => {
    for (const long of ['x'.repeat(2048), '长'.repeat(700), '/'.repeat(100_000), '🎥'.repeat(10_000)])
      expect(Buffer.byteLength(keyPart(long))).toBeLessThanOrEqual(200)
  })

  it('differs for different ids, including long ones that differ only at the end', () => {
    expect(keyPart(`${'x'.repeat(3000)}1`)).not.toBe(keyPart(`${'x'.repeat(3000)}2`))
    fc.assert(
      fc.property(id, id, (one, other) => {
        expect(keyPart(one) === keyPart(other)).toBe(one === other)
      }),
      runs,
    )
  })

  it('never returns the hash of a long id for another id that looks like that hash', () => {
    const hashed = keyPart('x'.repeat(3000))
    expect(hashed).toMatch(/^~/)
    expect(keyPart(hashed)).not.toBe(hashed)
    expect(keyPart(hashed)).not.toMatch(/^~/)
  })
})

describe('streamKey and itemKey', () => {
  it('give different aggregates different streams', () => {
    fc.assert(
      fc.property(anyAggregate, anyAggregate, (one, other) => {
        expect(streamKey(one) === streamKey(other)).toBe(streamOf(one) === streamOf(other))
      }),
      runs,
    )
  })

  it('give different aggregates different items', () => {
    fc.assert(
      fc.property(stateful, stateful, (one, other) => {
        const [a, b] = [itemKey(one), itemKey(other)]
        expect(a.group === b.group && a.item === b.item).toBe(streamOf(one) === streamOf(other))
      }),
      runs,
    )
  })

  it('stay within the limits of DynamoDB: 2,048 bytes for a partition key, 1,024 for a sort key', () => {
    const long = '长'.repeat(100_000)
    const participant: StatefulAggregateId = { kind: 'participant', room_id: long, user_id: long }
    expect(Buffer.byteLength(streamKey(participant))).toBeLessThanOrEqual(2048)
    expect(Buffer.byteLength(itemKey(participant).group)).toBeLessThanOrEqual(2048)
    expect(Buffer.byteLength(itemKey(participant).item)).toBeLessThanOrEqual(1024)
    expect(Buffer.byteLength(listingOrder(long, long))).toBeLessThanOrEqual(1024)
  })
})

describe('the group of an item key', () => {
  it('is shared by a room and its recordings, and by no other item', () => {
    fc.assert(
      fc.property(stateful, id, (aggregate, room_id) => {
        const { group } = itemKey({ kind: 'room', room_id })
        const isOfRoom = (aggregate.kind === 'room' || aggregate.kind === 'recording') && aggregate.room_id === room_id
        expect(itemKey(aggregate).group === group).toBe(isOfRoom)
      }),
      runs,
    )
  })

  it('is one of the groups of the participants of a room for these, and for nothing else', () => {
    fc.assert(
      fc.property(stateful, id, (aggregate, room_id) => {
        const isOfRoom = aggregate.kind === 'participant' && aggregate.room_id === room_id
        expect(participantGroups(room_id).includes(itemKey(aggregate).group)).toBe(isOfRoom)
        if (aggregate.kind !== 'participant') return
        expect(pastSessionGroups(room_id).includes(pastItemKey(aggregate, '1').group)).toBe(isOfRoom)
      }),
      runs,
    )
  })
})

describe('the partition of a participant', () => {
  const participant = (user_id: string) => ({ kind: 'participant', room_id: 'R', user_id }) as const

  it('never changes, because stored keys contain it', () => {
    const groups = ['10000', '10001', 'user_1@example.com', '王小明'].map((user) => itemKey(participant(user)).group)
    expect(groups).toEqual(['room/R/3', 'room/R/1', 'room/R/2', 'room/R/4'])
    expect(participantGroups('R')).toHaveLength(8)
  })

  it('is the same for the projection, the past sessions and the timeline', () => {
    fc.assert(
      fc.property(id, (user) => {
        const partition = participantGroups('R').indexOf(itemKey(participant(user)).group)
        expect(pastSessionGroups('R').indexOf(pastItemKey(participant(user), '1').group)).toBe(partition)
        expect(timelineKeys('R').indexOf(timelineKey(participant(user)) ?? '')).toBe(partition)
      }),
      runs,
    )
  })

  it.each([
    ['consecutive numbers', (index: number) => String(10_000 + index)],
    ['multiples of eight', (index: number) => String(8 * index)],
    ['names', (index: number) => `user-${index}@example.com`],
    ['hexadecimal hashes', (index: number) => createHash('md5').update(String(index)).digest('hex')],
  ])('takes an eighth of 5,000 users whose ids are %s, within a sixth', (_, userIdOf) => {
    const groups = Array.from({ length: 5000 }, (_, index) => itemKey(participant(userIdOf(index))).group)
    const counts = [...Map.groupBy(groups, (group) => group).values()].map(({ length }) => length)
    expect(counts).toHaveLength(8)
    expect(Math.min(...counts)).toBeGreaterThan((625 * 5) / 6)
    expect(Math.max(...counts)).toBeLessThan((625 * 7) / 6)
  })
})

describe('timelineKey', () => {
  it('is one of the keys of the room that the events name, and the first for events without a participant', () => {
    fc.assert(
      fc.property(anyAggregate, id, (aggregate, room_id) => {
        const isOfRoom = aggregate.kind !== 'box' && aggregate.room_id === room_id
        const keys = timelineKeys(room_id)
        const partition = keys.indexOf(timelineKey(aggregate) ?? 'none')
        if (!isOfRoom) expect(partition).toBe(-1)
        else if (aggregate.kind === 'participant') expect(partition).toBeGreaterThanOrEqual(0)
        else expect(partition).toBe(0)
      }),
      runs,
    )
  })

  it('of a media server never belongs to a room', () => {
    const keys = ['box', 'B', 'box#B', 'box/1'].flatMap(timelineKeys)
    for (const box_code of ['B', '1', '']) expect(keys).not.toContain(timelineKey({ kind: 'box', box_code }))
    expect(timelineKey({ kind: 'box', box_code: 'B/1' })).not.toBe(timelineKey({ kind: 'box', box_code: 'B' }))
  })
})

describe('listingOrder', () => {
  it('sorts a room before its participants, with no other room in between', () => {
    fc.assert(
      fc.property(id, id, id, id, (room, user, otherRoom, otherUser) => {
        const [first, last] = [listingOrder(room), listingOrder(room, user)]
        expect(first < last).toBe(true)
        expect(last.startsWith(first)).toBe(true)
        if (otherRoom !== room) expect(listingOrder(otherRoom, otherUser).startsWith(first)).toBe(false)
      }),
      runs,
    )
  })
})

describe('shardOf', () => {
  it('always assigns a room to the same partition, and uses all partitions', () => {
    const shards = Array.from({ length: 500 }, (_, room) => shardOf(`R${room}`))
    expect(shards).toEqual(Array.from({ length: 500 }, (_, room) => shardOf(`R${room}`)))
    expect(new Set(shards)).toEqual(new Set(Array.from({ length: listingShards }, (_, shard) => shard)))
  })
})
