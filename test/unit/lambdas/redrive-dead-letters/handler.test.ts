import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics } from '@aws-lambda-powertools/metrics'
import { describe, expect, it, vi } from 'vitest'
import { createHandler } from '../../../../lambdas/redrive-dead-letters/handler.ts'
import { lambdaContext } from '../../../support/api-gateway.ts'
import { memoryDeadLetters } from '../../../support/memory-dead-letters.ts'

const timeoutMs = 60_000
const periodMs = 300_000

/** Creates the handler over queues in memory. By default, callbacks are being applied. */
function setUpRedrive(requestMs?: number) {
  const deadLetters = memoryDeadLetters(requestMs)
  const { clock } = deadLetters
  const activity: { lastFailureAt: number | undefined; appliedCallbacks: number } = {
    lastFailureAt: undefined,
    appliedCallbacks: 100,
  }
  const metrics = new Metrics({ namespace: 'test' })
  const addMetric = vi.spyOn(metrics, 'addMetric')
  const handler = createHandler({
    deadLetters: deadLetters.queue,
    activity: { read: async () => activity },
    now: () => clock.ms,
    logger: new Logger({ logLevel: 'SILENT' }),
    metrics,
  })
  return {
    ...deadLetters,
    activity,
    redrivenMetrics: () => addMetric.mock.calls.map(([name, , value]) => [name, value]),
    run() {
      const endsAt = clock.ms + timeoutMs
      const context = { ...lambdaContext, getRemainingTimeInMillis: () => endsAt - clock.ms }
      return handler({}, context)
    },
  }
}

describe('createHandler of redrive-dead-letters', () => {
  it('puts dead letters back with their body and group and a mark, and deletes them', async () => {
    const { add, run, queued, counts, clock, redrivenMetrics } = setUpRedrive()
    add(2)
    expect(await run()).toEqual({ outcome: 'redrive', redriven: 2 })
    expect(queued).toEqual([
      { body: 'new-0', groupId: 'group-0', redrivenAt: expect.any(Number) },
      { body: 'new-1', groupId: 'group-1', redrivenAt: expect.any(Number) },
    ])
    expect(clock.ms - (queued[0]?.redrivenAt ?? 0)).toBeLessThan(1000)
    expect(counts()).toMatchObject({ letters: 0 })
    expect(redrivenMetrics()).toEqual([['DeadLettersRedriven', 2]])
  })

  it('emits no metric if it puts nothing back', async () => {
    const { add, run, activity, redrivenMetrics } = setUpRedrive()
    expect(await run()).toEqual({ outcome: 'none', redriven: 0 })
    add(1, true)
    expect(await run()).toEqual({ outcome: 'redrive', redriven: 0 })
    activity.lastFailureAt = Number.POSITIVE_INFINITY
    add(1)
    expect(await run()).toEqual({ outcome: 'wait', redriven: 0 })
    expect(redrivenMetrics()).toEqual([])
  })

  it('leaves dead letters alone that were put back before, and visible', async () => {
    const { add, run, counts } = setUpRedrive()
    add(25, true)
    add(5)
    add(3, true)
    expect(await run()).toEqual({ outcome: 'redrive', redriven: 5 })
    expect(await run()).toEqual({ outcome: 'redrive', redriven: 0 })
    expect(counts()).toEqual({ letters: 28, visible: 28, queued: 5 })
  })

  it('waits while messages fail, and begins when that is over', async () => {
    const { add, run, activity, clock, counts } = setUpRedrive()
    add(1)
    activity.lastFailureAt = clock.ms
    expect(await run()).toEqual({ outcome: 'wait', redriven: 0 })
    clock.ms += 2 * periodMs
    expect(await run()).toEqual({ outcome: 'redrive', redriven: 1 })
    expect(counts()).toMatchObject({ letters: 0, queued: 1 })
  })

  it('puts back a single dead letter if there is no traffic, and no other until its message is done', async () => {
    const { add, run, activity, queued, counts } = setUpRedrive()
    activity.appliedCallbacks = 0
    add(12, true)
    add(20)
    expect(await run()).toEqual({ outcome: 'probe', redriven: 1 })
    expect(counts()).toEqual({ letters: 31, visible: 31, queued: 1 })
    expect(await run()).toEqual({ outcome: 'wait', redriven: 0 })
    queued.length = 0
    activity.appliedCallbacks = 1
    expect(await run()).toEqual({ outcome: 'redrive', redriven: 19 })
  })

  it('puts 10,000 dead letters back in each run, with eight requests at once', async () => {
    const { add, run, counts, clock, maxInFlightRequests } = setUpRedrive()
    add(25_000)
    for (const redriven of [10_000, 10_000, 5000]) {
      const startMs = clock.ms
      expect(await run()).toEqual({ outcome: 'redrive', redriven })
      expect(clock.ms - startMs).toBeLessThan(timeoutMs / 2)
    }
    expect(counts()).toEqual({ letters: 0, visible: 0, queued: 25_000 })
    expect(maxInFlightRequests()).toBe(8)
  })

  it('ends a run in time if the requests are slow', async () => {
    const { add, run, clock } = setUpRedrive(4000)
    add(1000)
    const startMs = clock.ms
    const { redriven } = await run()
    expect(redriven).toBeGreaterThan(0)
    expect(redriven).toBeLessThan(1000)
    expect(clock.ms - startMs).toBeLessThan(timeoutMs)
  })

  it('finds dead letters behind more marked ones than a run can receive', async () => {
    const { add, run, counts, clock } = setUpRedrive(200)
    add(15_000, true)
    add(10)
    for (let runs = 0; runs < 3 && counts().queued === 0; runs++) {
      const startMs = clock.ms
      await run()
      expect(clock.ms - startMs).toBeLessThan(timeoutMs)
      clock.ms = startMs + periodMs
    }
    expect(counts()).toMatchObject({ letters: 15_000, queued: 10 })
  })

  it('puts a dead letter back again if the run ended between sending and deleting it', async () => {
    const { add, run, queued, broken, clock, counts } = setUpRedrive()
    add(1)
    broken.delete = true
    await expect(run()).rejects.toThrow('delete failed')
    broken.delete = false
    clock.ms += 2 * periodMs
    expect(await run()).toEqual({ outcome: 'redrive', redriven: 1 })
    expect(queued.map(({ body }) => body)).toEqual(['new-0', 'new-0'])
    expect(counts()).toMatchObject({ letters: 0 })
  })

  it.each(['receive', 'send'] as const)('fails and loses nothing if requests to %s fail', async (part) => {
    const { add, run, broken, clock, counts } = setUpRedrive()
    add(95)
    broken[part] = true
    await expect(run()).rejects.toThrow(`${part} failed`)
    expect(counts()).toMatchObject({ letters: 95, queued: 0 })
    broken[part] = false
    clock.ms += 2 * periodMs
    expect(await run()).toEqual({ outcome: 'redrive', redriven: 95 })
  })

  it('succeeds if dead letters that stay cannot be released', async () => {
    const { add, run, broken } = setUpRedrive()
    add(1, true)
    broken.release = true
    expect(await run()).toEqual({ outcome: 'redrive', redriven: 0 })
  })
})
