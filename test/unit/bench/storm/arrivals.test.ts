import { describe, expect, it } from 'vitest'
import { itemKey, participantGroups, streamKey, timelineKey, timelineKeys } from '../../../../adapters/dynamodb/keys.ts'
import { toProjectionItem } from '../../../../adapters/dynamodb/projection-item.ts'
import {
  createOtherArrivals,
  createStormArrivals,
  generateStorm,
  replacePartitions,
} from '../../../../bench/storm/arrivals.ts'
import { project } from '../../../../core/projection/project.ts'
import { emptyProjection, type Projection } from '../../../../core/projection/projection.ts'
import { messageGroupOf } from '../../../../core/protocol/message-group.ts'
import { aggregateOf } from '../../../../core/state/aggregate.ts'
import { noCloses } from '../../../../core/state/closes.ts'

const room = { participants: 100, withinSeconds: 2 }
const arrivals = createStormArrivals(room)

describe('createStormArrivals', () => {
  it('creates twelve events for each participant who reconnects, or fewer if they subscribe to less', () => {
    expect(arrivals).toHaveLength(room.participants * 12)
    expect(new Set(arrivals.map(({ stream }) => stream)).size).toBe(room.participants)
    expect(createStormArrivals({ ...room, subscriptions: 1 })).toHaveLength(room.participants * 4)
    expect(arrivals[0]?.atMs).toBe(0)
  })

  it('writes each event to the partitions and the message group that the deployed functions use', () => {
    const [event] = generateStorm(room).storm
    const [arrival] = arrivals
    if (event === undefined || arrival === undefined) throw new Error('the storm has no events')
    const participant = aggregateOf(event)
    if (participant.kind !== 'participant') throw new Error('the storm begins with a participant')
    expect(arrival.group).toBe(messageGroupOf(event.params))
    expect(arrival.projection.partition).toBe(`state ${itemKey(participant).group}`)
    expect(arrival.logWrites.map(({ partition }) => partition)).toEqual([
      `log ${streamKey(participant)}`,
      `timeline ${timelineKey(participant)}`,
    ])
  })

  it('uses all partitions of the room', () => {
    const count = (partitions: readonly (string | undefined)[]) => new Set(partitions).size
    expect(count(arrivals.map(({ projection }) => projection.partition))).toBe(participantGroups('R').length)
    expect(count(arrivals.map(({ logWrites }) => logWrites[1]?.partition))).toBe(timelineKeys('R').length)
  })

  it('counts one write unit for the projection, also after the second join', () => {
    const { unitsByEvents } = arrivals[0]?.projection ?? { unitsByEvents: [] }
    expect(unitsByEvents).toEqual(Array.from({ length: 12 }, () => 1))
  })

  it('changes no index of the state table, as the projection of someone who reconnects', () => {
    expect(arrivals.flatMap(({ indexWrites }) => indexWrites)).toEqual([])
    const { before, storm } = generateStorm({ participants: 1, withinSeconds: 2 })
    const rules = { alertWindowMs: 0, retentionDays: 400, timeZone: 'Asia/Shanghai' }
    const listIndexKeys = (projection: Projection) => {
      const { list, list_order, listed, visitor, visited } = toProjectionItem(projection, 400)
      return { list, list_order, listed, visitor, visited }
    }
    const apply = (projection: Projection, events: typeof storm) => {
      const input = { appended: events, unconfirmedDuplicates: [], closes: noCloses }
      const update = project(projection, input, rules)
      if (update === 'needs_history') throw new Error('the events are in order')
      return update.projection
    }
    const [first] = before
    if (first === undefined) throw new Error('the participant has no events')
    const earlier = apply(emptyProjection(aggregateOf(first)), before)
    const later = apply(earlier, storm)
    expect(listIndexKeys(later)).toEqual(listIndexKeys(earlier))
    expect(listIndexKeys(later).list).toBeDefined()
    expect(later.pendingPastWrites).toEqual([])
  })
})

describe('createOtherArrivals', () => {
  const others = createOtherArrivals({ rooms: 60, fromMs: -60_000, untilMs: 540_000 })

  it('creates events of most rooms within ten minutes, at the rate of the mix', () => {
    expect(new Set(others.map(({ group }) => group)).size).toBeGreaterThan(35)
    expect(others.every(({ atMs }) => atMs >= -60_000 && atMs < 540_000)).toBe(true)
    // 60 meetings of some 440 events each an hour, for ten minutes.
    expect(others.length).toBeGreaterThan(3900)
    expect(others.length).toBeLessThan(4900)
  })

  it('creates none in the room of the storm', () => {
    expect(others.map(({ group }) => group)).not.toContain(arrivals[0]?.group)
  })

  it('changes the list of those present if someone joins', () => {
    expect(others.flatMap(({ indexWrites }) => indexWrites).map(({ partition }) => partition.split('#')[0])).toContain(
      'listing open',
    )
  })
})

describe('replacePartitions', () => {
  it('replaces the partitions of all writes', () => {
    const [join] = createOtherArrivals({ rooms: 1, fromMs: 0, untilMs: 600_000 }).filter(
      ({ indexWrites }) => indexWrites.length > 0,
    )
    if (join === undefined) throw new Error('no join among the arrivals')
    const { logWrites, projection, indexWrites } = replacePartitions(join, () => 'same')
    const writes = [...logWrites, projection, ...indexWrites]
    expect(new Set(writes.map(({ partition }) => partition))).toEqual(new Set(['same']))
  })
})
