import { describe, expect, it } from 'vitest'
import type { NorthboundEvent } from '../../../../core/protocol/events.ts'
import { applyBatch } from '../../../../lambdas/apply-events/apply-batch.ts'
import type { ApplyDependencies } from '../../../../lambdas/apply-events/dependencies.ts'
import { expectedStates, memoryDependencies, readStoredStates, unlimited } from '../../../support/apply.ts'
import { event } from '../../../support/events.ts'

const join = event('join', {}, { at: 10 })
const publish = event('publish', { stream_id: 'S', stream_type: 'audio' }, { at: 20 })
const sub = event('sub', { stream_id: 'T', stream_type: 'video' }, { at: 30 })

/**
 * Applies a batch of one event while another batch comes between its read and its write.
 *
 * @returns the aggregates whose streams the first batch read.
 */
async function applyDuring(one: NorthboundEvent, other: NorthboundEvent) {
  const dependencies = memoryDependencies()
  await applyBatch(dependencies, [join], unlimited)
  const visits: string[] = []
  let isInterrupted = false
  const interrupted: ApplyDependencies = {
    ...dependencies,
    log: {
      ...dependencies.log,
      async visit(aggregate, ...rest) {
        visits.push(aggregate.kind)
        await dependencies.log.visit(aggregate, ...rest)
      },
    },
    store: {
      ...dependencies.store,
      async write(projection) {
        if (!isInterrupted) await applyBatch(dependencies, [other], unlimited)
        isInterrupted = true
        return dependencies.store.write(projection)
      },
    },
  }
  await applyBatch(interrupted, [one], unlimited)
  return { visits, stored: await readStoredStates(dependencies.store, [join, one, other]) }
}

describe('applyBatch while another batch writes the same participant', () => {
  it('does not read the stream if the other event is the earlier one', async () => {
    const { visits, stored } = await applyDuring(sub, publish)
    expect(visits).toEqual([])
    expect(stored).toEqual(expectedStates([join, publish, sub]))
  })

  it('reads the stream if the other event is the later one', async () => {
    const { visits, stored } = await applyDuring(publish, sub)
    expect(visits).toEqual(['participant', 'room'])
    expect(stored).toEqual(expectedStates([join, publish, sub]))
  })

  it('reads the stream if the other batch delivers the same event at an earlier time', async () => {
    const earlier = { ...sub, received_at: 15 }
    const { visits, stored } = await applyDuring(sub, earlier)
    expect(visits).toEqual(['participant', 'room'])
    expect(stored).toEqual(expectedStates([join, earlier]))
  })

  it('reads the stream if the event of the other batch has taken its place', async () => {
    const winner = { ...publish, trace_id: sub.trace_id, params: { ...publish.params, trace_id: sub.trace_id } }
    const { visits, stored } = await applyDuring(sub, winner)
    expect(visits).toEqual(['participant', 'room'])
    expect(stored).toEqual(expectedStates([join, winner]))
  })
})

describe('applyBatch with many participants', () => {
  it('reads at most 16 of them at a time, in an order that does not depend on the events', async () => {
    const dependencies = memoryDependencies()
    const readOf = async (events: readonly NorthboundEvent[]) => {
      const reads: string[][] = []
      const read: ApplyDependencies['store']['read'] = async (aggregates, signal) => {
        reads.push(aggregates.flatMap((aggregate) => (aggregate.kind === 'participant' ? [aggregate.user_id] : [])))
        return dependencies.store.read(aggregates, signal)
      }
      await applyBatch({ ...dependencies, store: { ...dependencies.store, read } }, events, unlimited)
      return reads.filter((users) => users.length > 0)
    }
    const joins = Array.from({ length: 40 }, (_, index) => event('join', { user_id: `${index}` }, { at: 10 + index }))
    const reads = await readOf(joins)
    expect(reads.map((users) => users.length)).toEqual([16, 16, 8])
    const leaves = joins.map(({ params }, index) =>
      event('leave', { user_id: params.user_id ?? '' }, { at: 99 - index }),
    )
    expect(await readOf(leaves)).toEqual(reads)
  })
})
