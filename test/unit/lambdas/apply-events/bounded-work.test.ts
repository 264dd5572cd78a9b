import { describe, expect, it } from 'vitest'
import { toProjectionItem } from '../../../../adapters/dynamodb/projection-item.ts'
import { memoryProjectionStore } from '../../../../adapters/memory/projection-store.ts'
import type { Projection } from '../../../../core/projection/projection.ts'
import { applyBatch } from '../../../../lambdas/apply-events/apply-batch.ts'
import type { ApplyDependencies } from '../../../../lambdas/apply-events/dependencies.ts'
import {
  applyUntilDone,
  expectedSessions,
  expectedStates,
  memoryDependencies,
  readStoredSessions,
  readStoredStates,
  unlimited,
} from '../../../support/apply.ts'
import { event } from '../../../support/events.ts'

/** Stores in memory that count the reads of streams, and keep every projection that was written. */
function setUp() {
  const dependencies = memoryDependencies()
  const { log } = dependencies
  const store = memoryProjectionStore()
  const visits: string[] = []
  const written: Projection[] = []
  const counting: ApplyDependencies = {
    ...dependencies,
    log: {
      ...log,
      async visit(aggregate, ...rest) {
        visits.push(aggregate.kind)
        await log.visit(aggregate, ...rest)
      },
    },
    store: {
      ...store,
      async write(projection) {
        written.push(projection)
        return store.write(projection)
      },
    },
  }
  return { dependencies: counting, visits, written }
}

describe('applyBatch', () => {
  it('does not read the stream again for the events that follow a late event in order', async () => {
    const { dependencies, visits } = setUp()
    const apply = (at: number) => applyBatch(dependencies, [event('update', { user_name: `${at}` }, { at })], unlimited)
    for (const at of [10, 30]) await apply(at)
    expect(visits).toEqual([])
    await apply(20)
    expect(visits).toEqual(['participant', 'room'])
    for (const at of [40, 50, 60]) await apply(at)
    expect(visits).toEqual(['participant', 'room'])
  })

  it('writes thousands of past sessions that one late event changes, in items that can be written', async () => {
    const { dependencies, written } = setUp()
    // A name that comes late changes every session that had none.
    const late = event('join', { user_name: '王'.repeat(900) }, { at: 1 })
    const sessions = Array.from({ length: 2_000 }, (_, index) => [
      event('join', {}, { at: 10 + index * 10 }),
      event('leave', { event_type: 'normal' }, { at: 15 + index * 10 }),
    ]).flat()
    await applyUntilDone(dependencies, sessions)
    written.length = 0
    await applyUntilDone(dependencies, [late])
    expect(written.length).toBeGreaterThan(4)
    const sizes = written.map((projection) => Buffer.byteLength(JSON.stringify(toProjectionItem(projection, 400))))
    expect(Math.max(...sizes)).toBeLessThan(300_000)
    const events = [...sessions, late]
    expect(await readStoredStates(dependencies.store, events)).toEqual(expectedStates(events))
    expect(await readStoredSessions(dependencies.store, events)).toEqual(expectedSessions(events))
  })

  it('completes pending writes after a crash between two rounds of a rebuild', async () => {
    const { dependencies } = setUp()
    const sessions = Array.from({ length: 600 }, (_, index) => [
      event('join', {}, { at: 10 + index * 10 }),
      event('leave', { event_type: 'normal' }, { at: 15 + index * 10 }),
    ]).flat()
    await applyUntilDone(dependencies, sessions)
    const late = event('join', { user_name: 'Bo'.repeat(500) }, { at: 1 })
    let writes = 0
    const crashing: ApplyDependencies = {
      ...dependencies,
      store: {
        ...dependencies.store,
        async write(projection) {
          if (writes++ > 0) throw new Error('crashed')
          return dependencies.store.write(projection)
        },
      },
    }
    const { outcomes } = await applyBatch(crashing, [late], unlimited)
    expect([...outcomes.values()]).toEqual([expect.any(Error)])
    expect([...(await applyBatch(dependencies, [{ ...late }], unlimited)).outcomes.values()]).toEqual(['duplicate'])
    const events = [...sessions, late]
    expect(await readStoredSessions(dependencies.store, events)).toEqual(expectedSessions(events))
  })
})
