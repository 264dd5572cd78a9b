import { describe, expect, it } from 'vitest'
import { memoryProjectionStore } from '../../../../adapters/memory/projection-store.ts'
import type { ProjectionStore } from '../../../../core/ports/projection-store.ts'
import type { RoomEventTopic } from '../../../../core/ports/topics.ts'
import { encodeBody, joinOf, maxReceiveCount, setUpHandler } from './set-up-handler.ts'

const join = encodeBody(joinOf('a', { user_name: 'Ann' }))
const redriven = { redrivenAt: 50 }

/** Creates the handler over a store or a topic that fails until the outage is over. */
function setUpOutage(part: 'store' | 'topic') {
  let isOver = false
  const store = memoryProjectionStore()
  const write: ProjectionStore['write'] = async (projection) => {
    if (part === 'store' && !isOver) throw new Error('no capacity')
    return store.write(projection)
  }
  const published: string[] = []
  const publish: RoomEventTopic['publish'] = async (messages) => {
    if (part === 'topic' && !isOver) return new Map(messages.map((message) => [message, new Error('throttled')]))
    published.push(...messages.map(({ body }) => body.trace_id))
    return new Map()
  }
  const set = setUpHandler({ store, write, publish })
  return {
    ...set,
    published,
    /** Delivers a message until it is a dead letter, then ends the outage. */
    async kill(body: string) {
      for (let receives = 1; receives <= maxReceiveCount; receives++)
        expect(await set.deliver(['dead', body, receives])).toEqual(['dead'])
      isOver = true
    },
    counts: () => ({
      applied: set.metricCount('EventsApplied') + set.metricCount('EventsStale'),
      duplicate: set.metricCount('EventsDuplicate'),
      callbacks: set.added.reduce((sum, [{ count }]) => sum + count, 0),
    }),
  }
}

describe('createHandler with a dead letter that was put back', () => {
  it.each(['store', 'topic'] as const)(
    'applies, publishes and counts its event once if the %s had failed',
    async (part) => {
      const { kill, deliver, readParticipant, published, counts } = setUpOutage(part)
      await kill(join)
      expect(counts()).toEqual({ applied: 0, duplicate: 0, callbacks: 0 })
      expect(await deliver(['2', join, redriven])).toEqual([])
      expect(await readParticipant('a')).toMatchObject({ user_name: 'Ann', session: { joined_at: 10 } })
      expect(published).toEqual(['join-a'])
      expect(counts()).toEqual({ applied: 1, duplicate: 0, callbacks: 1 })
    },
  )

  it('leaves a state that is right if events came meanwhile, and the mark of the lost event was cleared', async () => {
    const { kill, deliver, readParticipant, counts } = setUpOutage('store')
    await kill(join)
    await deliver(['2', encodeBody({ ...joinOf('a'), event: 'leave', trace_id: 'leave' }, 20)])
    const session = { joined_at: 10, end: { at: 20 } }
    expect(await readParticipant('a')).toMatchObject({ user_name: 'Ann', session })
    await deliver(['3', join, redriven])
    expect(await readParticipant('a')).toMatchObject({ user_name: 'Ann', session })
    expect(counts()).toEqual({ applied: 2, duplicate: 0, callbacks: 2 })
  })

  it('does not change the state again if it was put back twice, because the redrive ended before it was deleted', async () => {
    const { kill, deliver, readParticipant, log } = setUpOutage('store')
    await kill(join)
    await deliver(['2', join, redriven])
    const state = await readParticipant('a')
    expect(await deliver(['3', join, redriven], ['4', join, redriven])).toEqual([])
    expect(await readParticipant('a')).toEqual(state)
    expect(await log.read({ kind: 'participant', room_id: 'R', user_id: 'a' })).toHaveLength(1)
  })
})

describe('createHandler with messages that fail', () => {
  const write = () => Promise.reject(new Error('no capacity'))

  it('remembers when they failed, whatever failed', async () => {
    const unpublished = setUpOutage('topic')
    await unpublished.deliver(['1', join])
    expect(unpublished.failedAt).toEqual([99])
    const unstored = setUpHandler({ write })
    await unstored.deliver(['1', join], ['2', join])
    expect(unstored.failedAt).toEqual([99])
  })

  it('reports them also if it cannot remember that', async () => {
    const { deliver, warn } = setUpHandler({ write, failures: true })
    expect(await deliver(['1', join])).toEqual(['1'])
    expect(warn).toHaveBeenCalledWith('failure not recorded', expect.any(Error))
  })

  it('remembers nothing if none fails', async () => {
    const { deliver, failedAt } = setUpHandler()
    await deliver(['1', join], ['2', 'oops'])
    expect(failedAt).toEqual([])
  })
})
