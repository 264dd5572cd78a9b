import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { EventLog } from '../../core/ports/event-log.ts'
import type { ProjectionStore } from '../../core/ports/projection-store.ts'
import type { Projection } from '../../core/projection/projection.ts'
import { emptyProjection } from '../../core/projection/projection.ts'
import { aggregateOf } from '../../core/state/aggregate.ts'
import type { ApplyDependencies } from '../../lambdas/apply-events/dependencies.ts'
import { applyUntilDone, expectedSessions, expectedStates, storedSessions, storedStates } from '../support/apply.ts'
import { anyDeliveries, cut, event } from '../support/events.ts'

const stay = (joined_at: number) => ({
  joined_at,
  start_estimated: false,
  endpoint_type: 'web',
  reconnects: 1,
  end: { at: joined_at + 10, reason: 'normal', estimated: false },
  user_name: '王',
})

/** What every event log and state store must do, whatever it is made of. */
export function storesContract(appended: () => Promise<ApplyDependencies>, runs: number): void {
  describe('the event log', () => {
    let log: EventLog
    beforeAll(async () => {
      log = (await appended()).log
    })

    it('appends an event once; the second time it gives back the holder of the trace_id', async () => {
      const join = event('join', { user_id: 'a' }, { trace: 'once', at: 10 })
      expect(await log.append(join)).toBe('appended')
      const other = event('join', { user_id: 'a', user_name: 'other' }, { trace: 'once', at: 20 })
      expect(await log.append(other)).toEqual(join)
    })

    it('appends a trace_id again for another aggregate', async () => {
      expect(await log.append(event('join', { user_id: 'b' }, { trace: 'shared' }))).toBe('appended')
      expect(await log.append(event('join', { user_id: 'c' }, { trace: 'shared' }))).toBe('appended')
    })

    it('gives only one of many appends at the same time', async () => {
      const race = event('join', { user_id: 'race' }, { trace: 'race' })
      const answers = await Promise.all(Array.from({ length: 10 }, () => log.append(race)))
      expect(answers.filter((answer) => answer === 'appended')).toHaveLength(1)
    })

    it('reads back every event of a aggregate, and only those, as they were appended', async () => {
      const events = Array.from({ length: 50 }, (_, at) =>
        event('update', { user_id: 'd', user_name: `名${at}` }, { at }),
      )
      for (const one of events) await log.append(one)
      const [first] = events
      if (first === undefined) throw new Error('no events')
      const read = await log.read(aggregateOf(first))
      expect(read.toSorted((a, b) => a.received_at - b.received_at)).toEqual(events)
    })

    it('moves an event to an earlier time, never to a later one', async () => {
      const close = event('close', { room_id: 'moved' }, { at: 50 })
      await log.append(close)
      await log.moveEarlier({ ...close, received_at: 40 })
      await log.moveEarlier({ ...close, received_at: 45 })
      expect(await log.read(aggregateOf(close))).toEqual([{ ...close, received_at: 40 }])
    })

    it('puts another event in the place of the holder, unless that one changed meanwhile', async () => {
      const holder = event('join', { user_id: 'f' }, { at: 20, trace: 'f' })
      const earlier = event('leave', { user_id: 'f' }, { at: 10, trace: 'f' })
      await log.append(holder)
      const held = await log.append(earlier)
      if (typeof held === 'string') throw new Error(held)
      await log.replace(held, earlier)
      expect(await log.read(aggregateOf(earlier))).toEqual([earlier])
      await expect(log.replace(held, earlier)).rejects.toThrow()
    })

    it('keeps quarantined events out of the streams', async () => {
      const bad = event('join', { user_id: 'e' }, { at: 1 })
      await log.quarantine({ id: 'x', reason: 'why', received_at: 1, event: bad, body: undefined })
      await log.quarantine({ id: 'y', reason: 'why', received_at: 1, event: undefined, body: 'not JSON' })
      expect(await log.read(aggregateOf(bad))).toEqual([])
    })
  })

  describe('the state store', () => {
    let store: ProjectionStore
    beforeAll(async () => {
      store = (await appended()).store
    })
    const participant = (room_id: string, user_id: string): Projection => ({
      ...emptyProjection({ kind: 'participant', room_id, user_id }),
      state: { kind: 'participant', user_name: null, session: null, streams: [], subscriptions: [] },
      watermark: '000000000000001.1.t',
      recentEvents: ['YWJjZGVmZ2gmkeqxenz', 'aWprbG1ub3Amkeqxfpf'],
      seenClose: { order: 'o', chain: 7 },
      pendingSessionWrites: [{ joined_at: 7, session: stay(7) }],
    })

    it('gives the empty projection of what was never written', async () => {
      const aggregate = { kind: 'room', room_id: 'nobody' } as const
      expect(await store.read([aggregate])).toEqual([emptyProjection(aggregate)])
    })

    it('reads back what was written, one version on', async () => {
      const projection = participant('R', 'a')
      expect(await store.write(projection)).toBe('written')
      expect(await store.read([projection.aggregate])).toEqual([{ ...projection, version: 1 }])
    })

    it('refuses a write over a version that it was not made from', async () => {
      const projection = participant('R', 'b')
      expect(await store.write(projection)).toBe('written')
      expect(await store.write(projection)).toBe('conflict')
      expect(await store.write({ ...projection, version: 2 })).toBe('conflict')
      expect(await store.write({ ...projection, version: 1 })).toBe('written')
    })

    it('lets one of many writes at the same time through', async () => {
      const projection = participant('R', 'race')
      const answers = await Promise.all(Array.from({ length: 10 }, () => store.write(projection)))
      expect(answers.filter((answer) => answer === 'written')).toHaveLength(1)
    })

    it('reads more projections at once than one request takes, in the order asked for', async () => {
      const projections = Array.from({ length: 130 }, (_, index) => participant('many', `u${index}`))
      await Promise.all(projections.map((projection) => store.write(projection)))
      const aggregates = projections.map((projection) => projection.aggregate).reverse()
      expect((await store.read(aggregates)).map((projection) => projection.aggregate)).toEqual(aggregates)
      expect(await store.readParticipants('many')).toHaveLength(130)
      expect(await store.readParticipants('man')).toHaveLength(0)
    })
  })

  describe('the past sessions', () => {
    let store: ProjectionStore
    beforeAll(async () => {
      store = (await appended()).store
    })
    const person = (user_id: string) => ({ kind: 'participant', room_id: 'R', user_id }) as const

    it('are those that were filed, of this person alone', async () => {
      for (const user_id of ['a', 'a/b', 'a%', 'ab'])
        for (const at of [900, 1000])
          await store.upsertPastSession(person(user_id), { joined_at: at, session: stay(at) }, 3)
      const read = await store.readPastSessions(person('a'))
      expect(read.toSorted((one, other) => one.joined_at - other.joined_at)).toEqual([stay(900), stay(1000)])
      expect(await store.readPastSessions(person('nobody'))).toEqual([])
    })

    it('are those of the latest version of the projection, in whatever order they are filed', async () => {
      const file = (version: number, user_name: string | null) =>
        store.upsertPastSession(
          person('v'),
          { joined_at: 5, session: user_name === null ? null : { ...stay(5), user_name } },
          version,
        )
      await file(4, 'four')
      await file(3, 'three')
      expect(await store.readPastSessions(person('v'))).toMatchObject([{ user_name: 'four' }])
      await file(6, null)
      await file(5, 'five')
      expect(await store.readPastSessions(person('v'))).toEqual([])
      await file(7, 'seven')
      expect(await store.readPastSessions(person('v'))).toMatchObject([{ user_name: 'seven' }])
    })
  })

  it(`ends in the state of the sorted fold, for any events in any order, batches and repetition (${runs} runs)`, async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1, maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(anyDeliveries, sizes, async (events, pieces) => {
        const dependencies = await appended()
        // Two batches at a time, as two invocations would.
        for (const pair of cut(cut(events, pieces), [2]))
          await Promise.all(pair.map((batch) => applyUntilDone(dependencies, batch)))
        expect(await storedStates(dependencies.store, events)).toEqual(expectedStates(events))
        expect(await storedSessions(dependencies.store, events)).toEqual(expectedSessions(events))
      }),
      { numRuns: runs },
    )
  }, 120_000)
}
