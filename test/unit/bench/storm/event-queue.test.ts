import { describe, expect, it } from 'vitest'
import { EventQueue, type QueueSettings } from '../../../../bench/storm/event-queue.ts'

const settings: QueueSettings = {
  batchSize: 100,
  windowMs: 1000,
  initialConcurrency: 2,
  concurrencyGrowthPerSecond: 1,
  maxConcurrency: 4,
  detectionDelayMs: 0,
}

function createQueue(changes: Partial<QueueSettings> = {}) {
  const queue = new EventQueue<{ id: string; group: string; queuedAtMs: number }>({ ...settings, ...changes })
  const push = (group: string, count: number, queuedAtMs: number) => {
    for (let index = 0; index < count; index++) queue.push({ id: `${group}${index}`, group, queuedAtMs })
  }
  return { queue, push }
}

describe('EventQueue', () => {
  it('gives a full batch at once, oldest messages first', () => {
    const { queue, push } = createQueue()
    push('a', 101, 0)
    expect(queue.takeBatch(0)?.map(({ id }) => id)).toEqual(Array.from({ length: 100 }, (_, index) => `a${index}`))
    expect([queue.waiting, queue.inFlight]).toEqual([1, 100])
  })

  it('gives fewer messages when the oldest has waited for the batching window', () => {
    const { queue, push } = createQueue()
    push('a', 1, 0)
    push('b', 1, 900)
    expect(queue.takeBatch(999)).toBeUndefined()
    expect(queue.takeBatch(1000)).toHaveLength(2)
  })

  it('runs more batches at once the longer messages have waited for one, up to a limit', () => {
    const { queue, push } = createQueue()
    push('a', 1000, 0)
    const takeAll = (nowMs: number) => {
      let batches = 0
      while (queue.takeBatch(nowMs) !== undefined) batches++
      return batches
    }
    expect([takeAll(0), takeAll(999), takeAll(1000), takeAll(2000), takeAll(9000)]).toEqual([2, 0, 1, 1, 0])
  })

  it('gives the next batch when one has ended', () => {
    const { queue, push } = createQueue({ maxConcurrency: 1, initialConcurrency: 1 })
    push('a', 200, 0)
    const batch = queue.takeBatch(0) ?? []
    expect(queue.takeBatch(1)).toBeUndefined()
    queue.finish(batch, 2)
    expect(queue.inFlight).toBe(0)
    expect(queue.takeBatch(2)).toHaveLength(100)
  })

  it('gives messages of other groups first once a group is noisy', () => {
    const { queue, push } = createQueue()
    push('storm', 300, 0)
    expect(queue.takeBatch(0)).toHaveLength(100)
    push('quiet', 3, 10)
    expect(
      queue
        .takeBatch(20)
        ?.slice(0, 4)
        .map(({ group }) => group),
    ).toEqual(['quiet', 'quiet', 'quiet', 'storm'])
  })

  it('gives messages in the order of their arrival until the noisy group is detected', () => {
    const { queue, push } = createQueue({ detectionDelayMs: 5000, maxConcurrency: 100, initialConcurrency: 100 })
    push('storm', 400, 0)
    expect(queue.takeBatch(0)).toHaveLength(100)
    push('quiet', 1, 10)
    // The first look after the load has changed starts the delay.
    expect(queue.takeBatch(20)?.map(({ group }) => group)).not.toContain('quiet')
    expect(queue.takeBatch(5019)?.map(({ group }) => group)).not.toContain('quiet')
    expect(queue.takeBatch(5020)?.[0]?.group).toBe('quiet')
  })
})
