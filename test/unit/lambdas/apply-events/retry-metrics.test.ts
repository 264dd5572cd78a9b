import { describe, expect, it } from 'vitest'
import { memoryProjectionStore } from '../../../../adapters/memory/projection-store.ts'
import type { ProjectionStore } from '../../../../core/ports/projection-store.ts'
import type { RoomEventTopic } from '../../../../core/ports/topics.ts'
import { encodeBody, joinOf, setUpHandler } from './set-up-handler.ts'

const join = encodeBody(joinOf('a'))

/** Creates the handler over a store and a topic that fail until they are repaired. */
function setUpOutage(parts: readonly ('store' | 'topic')[]) {
  const broken = new Set<string>(parts)
  const store = memoryProjectionStore()
  const write: ProjectionStore['write'] = async (projection) => {
    if (broken.has('store')) throw new Error('no capacity')
    return store.write(projection)
  }
  const publish: RoomEventTopic['publish'] = async (messages) =>
    new Map(broken.has('topic') ? messages.map((message) => [message, new Error('throttled')]) : [])
  const set = setUpHandler({ store, write, publish })
  const counts = () => ({
    applied: set.metricCount('EventsApplied') + set.metricCount('EventsStale'),
    duplicate: set.metricCount('EventsDuplicate'),
    failed: set.metricCount('EventsFailed'),
    age: set.metricCount('EventAge'),
    callbacks: set.added.reduce((sum, [{ count }]) => sum + count, 0),
  })
  return { ...set, counts, repair: (part: 'store' | 'topic') => void broken.delete(part) }
}

describe('the metrics of a message that is retried', () => {
  it('count its event as applied once if the projection could not be stored after the event was logged', async () => {
    const { deliver, counts, repair } = setUpOutage(['store'])
    expect(await deliver(['1', join, 1])).toEqual(['1'])
    expect(await deliver(['1', join, 2])).toEqual(['1'])
    expect(counts()).toEqual({ applied: 0, duplicate: 0, failed: 2, age: 0, callbacks: 0 })
    repair('store')
    expect(await deliver(['1', join, 3])).toEqual([])
    expect(counts()).toEqual({ applied: 1, duplicate: 0, failed: 2, age: 1, callbacks: 1 })
  })

  it('count its event as applied once if the event could not be published', async () => {
    const { deliver, counts, repair, added } = setUpOutage(['topic'])
    expect(await deliver(['1', join, 1])).toEqual(['1'])
    expect(counts()).toEqual({ applied: 0, duplicate: 0, failed: 1, age: 0, callbacks: 0 })
    expect(added).toMatchObject([[{ lastReceivedAt: 10 }, 99]])
    repair('topic')
    expect(await deliver(['1', join, 2])).toEqual([])
    expect(counts()).toEqual({ applied: 1, duplicate: 0, failed: 1, age: 1, callbacks: 1 })
  })

  it('count its event as applied once if both failed, one after the other', async () => {
    const { deliver, counts, repair } = setUpOutage(['store', 'topic'])
    await deliver(['1', join, 1])
    repair('store')
    await deliver(['1', join, 2])
    repair('topic')
    expect(await deliver(['1', join, 3])).toEqual([])
    expect(counts()).toEqual({ applied: 1, duplicate: 0, failed: 2, age: 1, callbacks: 1 })
  })

  it('count a repetition by the platform as a duplicate, also if its message is retried', async () => {
    const { deliver, counts } = setUpOutage([])
    await deliver(['1', join, 1])
    await deliver(['2', encodeBody(joinOf('a'), 20), 2])
    expect(counts()).toEqual({ applied: 1, duplicate: 1, failed: 0, age: 1, callbacks: 1 })
  })

  it('count an event of an unknown kind once', async () => {
    const { deliver, metricCount, repair } = setUpOutage(['topic'])
    const unknown = encodeBody({ event: 'hologram_on', room_id: 'R' })
    await deliver(['1', unknown, 1])
    repair('topic')
    await deliver(['1', unknown, 2])
    expect([metricCount('EventsUnknown'), metricCount('EventsApplied')]).toEqual([1, 1])
  })
})
