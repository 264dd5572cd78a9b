import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import type { EventLog, Holder } from '../../core/ports/event-log.ts'
import type { ProjectionStore } from '../../core/ports/projection-store.ts'
import type { Projection } from '../../core/projection/projection.ts'
import { emptyProjection } from '../../core/projection/projection.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { aggregateOf, type ParticipantId } from '../../core/state/aggregate.ts'
import { foldVersion, unknownFoldVersion } from '../../core/state/fold-version.ts'
import { timeKey } from '../../core/state/order.ts'
import type { ApplyDependencies } from '../../lambdas/apply-events/dependencies.ts'
import {
  applyUntilDone,
  expectedPastEntries,
  expectedStates,
  readStoredPastEntries,
  readStoredStates,
} from '../support/apply.ts'
import { anyConflictingDeliveries, anyDeliveries, cut, event } from '../support/events.ts'
import { eventsOf, fieldCases, verifyFieldCase } from '../support/field-cases.ts'
import { closeCandidatesContract } from './close-candidates.ts'

const pastSession = (joined_at: number) => ({
  joined_at,
  start_estimated: false,
  endpoint_type: 'web',
  reconnects: 1,
  end: { at: joined_at + 10, reason: 'normal', estimated: false },
  user_name: '王',
})

/** Tests that every event log and every projection store must pass. @param open returns empty stores. */
export function storesContract(open: () => Promise<ApplyDependencies>, runs: number): void {
  describe('the event log', () => {
    let log: EventLog
    beforeAll(async () => {
      log = (await open()).log
    })

    it('appends an event once, and returns the holder of the trace_id the second time', async () => {
      const join = event('join', { user_id: 'a' }, { trace: 'once', at: 10 })
      expect(await log.append(join)).toBe('appended')
      const other = event('join', { user_id: 'a', user_name: 'other' }, { trace: 'once', at: 20 })
      expect(await log.append(other)).toEqual({ event: join, hasReplaced: false })
    })

    it('appends the same trace_id for another aggregate', async () => {
      expect(await log.append(event('join', { user_id: 'b' }, { trace: 'shared' }))).toBe('appended')
      expect(await log.append(event('join', { user_id: 'c' }, { trace: 'shared' }))).toBe('appended')
    })

    it('accepts exactly one of several concurrent appends of the same event', async () => {
      const race = event('join', { user_id: 'race' }, { trace: 'race' })
      const results = await Promise.all(Array.from({ length: 10 }, () => log.append(race)))
      expect(results.filter((result) => result === 'appended')).toHaveLength(1)
    })

    it('reads all events of an aggregate, and no others, as they were appended', async () => {
      const events = Array.from({ length: 50 }, (_, at) =>
        event('update', { user_id: 'd', user_name: `名${at}` }, { at }),
      )
      for (const one of events) await log.append(one)
      const [first] = events
      if (first === undefined) throw new Error('no events')
      const read = await log.read(aggregateOf(first))
      expect(read.toSorted((a, b) => a.received_at - b.received_at)).toEqual(events)
    })

    it('visits the events of an aggregate that were received at a time or later', async () => {
      const events = [10, 20, 30].map((at) => event('update', { user_id: 'visited' }, { at }))
      for (const one of events) await log.append(one)
      const visited: number[] = []
      await log.visit(aggregateOf(events[0] as (typeof events)[number]), 20, ({ received_at }) =>
        visited.push(received_at),
      )
      expect(visited.toSorted()).toEqual([20, 30])
    })

    async function readHolder(one: NorthboundEvent): Promise<Holder> {
      const holder = await log.append(one)
      if (typeof holder === 'string') throw new Error(holder)
      return holder
    }

    it('replaces the holder of a trace_id, and remembers that it did', async () => {
      const later = event('join', { user_id: 'f' }, { at: 20, trace: 'f' })
      const earlier = event('leave', { user_id: 'f' }, { at: 10, trace: 'f' })
      await log.append(later)
      const holder = await readHolder(earlier)
      expect(await log.replace(holder, { event: earlier, hasReplaced: true })).toBe('replaced')
      expect(await log.read(aggregateOf(earlier))).toEqual([earlier])
      expect(await readHolder(later)).toEqual({ event: earlier, hasReplaced: true })
    })

    it.each([
      ['time', { received_at: 15 }],
      ['parameters', { params: { event: 'join', room_id: 'R', user_id: 'g', user_name: 'other' } }],
      ['source', { source: 'reconcile' as const }],
    ])('does not replace a holder whose %s has changed', async (changed, difference) => {
      const join = event('join', { user_id: 'g' }, { at: 20, trace: changed })
      await log.append(join)
      const holder = await readHolder(join)
      const meanwhile = { event: { ...join, ...difference }, hasReplaced: false }
      expect(await log.replace(holder, meanwhile)).toBe('replaced')
      const earlier = { event: { ...join, received_at: 10 }, hasReplaced: false }
      expect(await log.replace(holder, earlier)).toBe('conflict')
      expect((await readHolder(join)).event).toMatchObject(difference)
    })

    it('withdraws a quarantine record, whether it exists or not', async () => {
      const bad = event('join', { user_id: 'h' }, { at: 1 })
      const record = { id: 'h', reason: 'invalid', received_at: 1, event: bad, body: undefined }
      await log.withdrawQuarantine(record)
      await log.quarantine(record)
      await log.withdrawQuarantine(record)
      expect(await log.read(aggregateOf(bad))).toEqual([])
    })

    it('appends an unknown event with a name of any length', async () => {
      expect(await log.append(event('名'.repeat(100_000)))).toBe('appended')
    })

    it('does not append an event that is too large for a store', async () => {
      const join = event('join', { user_id: 'large', user_name: 'a'.repeat(410_000) })
      expect(await log.append(join)).toBe('impossible')
      expect(await log.read(aggregateOf(join))).toEqual([])
    })

    it('does not add quarantined events to the streams', async () => {
      const bad = event('join', { user_id: 'e' }, { at: 1 })
      await log.quarantine({ id: 'x', reason: 'invalid', received_at: 1, event: bad, body: undefined })
      await log.quarantine({ id: 'y', reason: 'invalid', received_at: 1, event: undefined, body: 'not JSON' })
      expect(await log.read(aggregateOf(bad))).toEqual([])
    })
  })

  describe('the projection store', () => {
    let store: ProjectionStore
    beforeAll(async () => {
      store = (await open()).store
    })
    const participant = (room_id: string, user_id: string): Projection & { aggregate: ParticipantId } => ({
      ...emptyProjection({ kind: 'participant', room_id, user_id }),
      aggregate: { kind: 'participant', room_id, user_id },
      state: { kind: 'participant', user_name: null, session: null, streams: [], subscriptions: [] },
      watermark: '000000000000001.1.t',
      recentEvents: ['YWJjZGVmZ2gmkeqxenz', 'aWprbG1ub3Amkeqxfpf'],
      seenClose: { order: 'o', chain: 7 },
      pendingPastWrites: [{ key: timeKey(7), entry: pastSession(7) }],
    })

    it('returns the empty projection for an aggregate that was never stored', async () => {
      const aggregate = { kind: 'room', room_id: 'unknown' } as const
      expect(await store.read([aggregate])).toEqual([emptyProjection(aggregate)])
    })

    it('reads the recordings of a room, and nothing else of it', async () => {
      const recording = (room_id: string, recording_id: string): Projection =>
        emptyProjection({ kind: 'recording', room_id, recording_id })
      for (const projection of [recording('recorded', 'e1'), recording('recorded', 'e2'), recording('other', 'e3')])
        await store.write(projection)
      await store.write(participant('recorded', 'a'))
      const read = await store.readRecordings('recorded')
      expect(read.map(({ aggregate }) => aggregate)).toEqual(
        expect.arrayContaining([recording('recorded', 'e1').aggregate, recording('recorded', 'e2').aggregate]),
      )
      expect(read).toHaveLength(2)
    })

    it('returns a written projection with the next version', async () => {
      const projection = participant('R', 'a')
      expect(await store.write(projection)).toBe('written')
      expect(await store.read([projection.aggregate])).toEqual([{ ...projection, version: 1 }])
    })

    it('reports a conflict if the stored version is not the one that the projection was read with', async () => {
      const projection = participant('R', 'b')
      expect(await store.write(projection)).toBe('written')
      expect(await store.write(projection)).toBe('conflict')
      expect(await store.write({ ...projection, version: 2 })).toBe('conflict')
      expect(await store.write({ ...projection, version: 1 })).toBe('written')
    })

    it('accepts exactly one of several concurrent writes of the same version', async () => {
      const projection = participant('R', 'race')
      const results = await Promise.all(Array.from({ length: 10 }, () => store.write(projection)))
      expect(results.filter((result) => result === 'written')).toHaveLength(1)
    })

    it('marks a stored projection as outdated and increases its version, so that concurrent writers conflict', async () => {
      const projection = participant('R', 'marked')
      await store.write(projection)
      await store.markOutdated(projection.aggregate, Date.now())
      expect(await store.write({ ...projection, version: 1 })).toBe('conflict')
      expect(await store.read([projection.aggregate])).toEqual([
        { ...projection, version: 2, foldVersion: unknownFoldVersion },
      ])
      expect(await store.write({ ...projection, version: 2 })).toBe('written')
      expect(await store.read([projection.aggregate])).toMatchObject([{ version: 3, foldVersion }])
    })

    it('marks an aggregate that was never stored with an empty, outdated projection', async () => {
      const { aggregate } = participant('never-stored', 'U')
      await store.markOutdated(aggregate, Date.now())
      const marked = { ...emptyProjection(aggregate), version: 1, foldVersion: unknownFoldVersion }
      expect(await store.read([aggregate])).toEqual([marked])
      await store.markOutdated(aggregate, Date.now())
      expect(await store.read([aggregate])).toEqual([{ ...marked, version: 2 }])
    })

    it('leaves a projection marked if it is marked and first written at the same time', async () => {
      const projection = participant('R', 'both')
      const [outcome] = await Promise.all([
        store.write(projection),
        store.markOutdated(projection.aggregate, Date.now()),
      ])
      const state = outcome === 'written' ? projection.state : undefined
      expect(await store.read([projection.aggregate])).toMatchObject([{ state, foldVersion: unknownFoldVersion }])
    })

    it('reads more projections than one request can hold, in the order of the aggregates', async () => {
      const projections = Array.from({ length: 130 }, (_, index) => participant('many', `u${index}`))
      await Promise.all(projections.map((projection) => store.write(projection)))
      const aggregates = projections.map((projection) => projection.aggregate).reverse()
      expect((await store.read(aggregates)).map((projection) => projection.aggregate)).toEqual(aggregates)
    })
  })

  closeCandidatesContract(async () => (await open()).store)

  describe('checkpoints', () => {
    let store: ProjectionStore
    beforeAll(async () => {
      store = (await open()).store
    })
    const box = { kind: 'box', box_code: 'B' } as const
    const participant = { kind: 'participant', room_id: 'R', user_id: 'U' } as const
    const media = { streams: [{ stream_id: 's', stream_type: 'audio', resolution: null, since: 5 }], subscriptions: [] }
    const state = { kind: 'participant', user_name: '王', session: null, ...media } as const
    const checkpointAt = (at: number, user_name = '王') => ({
      order: `${String(at).padStart(15, '0')}.1.t`,
      state: { ...state, user_name },
      next_at: at + 1,
    })

    it('are read in order, for one aggregate only', async () => {
      for (const at of [20, 3, 100]) await store.upsertCheckpoint(participant, { at, checkpoint: checkpointAt(at) }, 1)
      await store.upsertCheckpoint(box, { at: 7, checkpoint: { ...checkpointAt(7), state: null } }, 1)
      expect(await store.readCheckpoints(participant)).toEqual([3, 20, 100].map((at) => checkpointAt(at)))
      expect(await store.readCheckpoints(box)).toEqual([{ ...checkpointAt(7), state: null }])
      expect(await store.readCheckpoints({ kind: 'room', room_id: 'R' })).toEqual([])
    })

    it('are changed only by a later version of the projection', async () => {
      const other = { ...participant, user_id: 'V' }
      const change = (user_name: string, version: number) =>
        store.upsertCheckpoint(other, { at: 9, checkpoint: checkpointAt(9, user_name) }, version)
      await change('two', 2)
      await change('one', 1)
      await change('again two', 2)
      expect(await store.readCheckpoints(other)).toEqual([checkpointAt(9, 'two')])
      await store.upsertCheckpoint(other, { at: 9, checkpoint: null }, 3)
      expect(await store.readCheckpoints(other)).toEqual([])
      await change('two', 2)
      expect(await store.readCheckpoints(other)).toEqual([])
    })
  })

  describe('past sessions', () => {
    let store: ProjectionStore
    beforeAll(async () => {
      store = (await open()).store
    })
    const participant = (user_id: string) => ({ kind: 'participant', room_id: 'R', user_id }) as const

    it('are read in order, for one participant only', async () => {
      for (const user_id of ['a', 'a/b', 'a%', 'ab'])
        for (const at of [900, 1000])
          await store.upsertPastEntry(participant(user_id), { key: timeKey(at), entry: pastSession(at) }, 3)
      expect(await store.readPastEntries(participant('a'), 0)).toEqual([pastSession(900), pastSession(1000)])
      expect(await store.readPastEntries(participant('a'), 901)).toEqual([pastSession(1000)])
      expect(await store.readPastEntries(participant('unknown'), 0)).toEqual([])
    })

    it('are read for a whole room, without those that ended earlier or were removed', async () => {
      for (const [room_id, user_id, at] of [
        ['whole', 'a', 900],
        ['whole', 'b', 1000],
        ['whole', 'c', 100],
        ['whole/2', 'd', 1000],
      ] as const)
        await store.upsertPastEntry(
          { kind: 'participant', room_id, user_id },
          { key: timeKey(at), entry: pastSession(at) },
          3,
        )
      await store.upsertPastEntry(
        { kind: 'participant', room_id: 'whole', user_id: 'e' },
        { key: timeKey(1000), entry: null, at: 1000 },
        3,
      )
      const read = await store.readPastSessionsOfRoom('whole', 910)
      expect(read.toSorted((one, other) => one.joined_at - other.joined_at)).toEqual([
        { user_id: 'a', joined_at: 900, left_at: 910 },
        { user_id: 'b', joined_at: 1000, left_at: 1010 },
      ])
    })

    it('are those of the latest version of the projection, regardless of the order of writes', async () => {
      const write = (version: number, user_name: string | null) =>
        store.upsertPastEntry(
          participant('v'),
          user_name === null
            ? { key: timeKey(5), entry: null, at: 5 }
            : { key: timeKey(5), entry: { ...pastSession(5), user_name } },
          version,
        )
      await write(4, 'four')
      await write(3, 'three')
      expect(await store.readPastEntries(participant('v'), 0)).toMatchObject([{ user_name: 'four' }])
      await write(6, null)
      await write(5, 'five')
      expect(await store.readPastEntries(participant('v'), 0)).toEqual([])
      await write(7, 'seven')
      expect(await store.readPastEntries(participant('v'), 0)).toMatchObject([{ user_name: 'seven' }])
    })
  })

  it.each(fieldCases)('applyBatch stores the expected state for the field case "$name"', async (fieldCase) => {
    const dependencies = await open()
    const events = eventsOf(fieldCase).toReversed()
    for (const batch of cut([...events, ...events], [1, 3])) await applyUntilDone(dependencies, batch)
    await verifyFieldCase(dependencies.store, fieldCase)
  })

  it.each([
    ['events', anyDeliveries],
    ['different events that share trace ids', anyConflictingDeliveries],
  ])(
    `applyBatch stores the states of the sorted fold for any order, batches and repetitions of %s (${runs} runs)`,
    async (_, deliveries) => {
      const sizes = fc.array(fc.integer({ min: 1, max: 10 }), { minLength: 1, maxLength: 4 })
      await fc.assert(
        fc.asyncProperty(deliveries, sizes, async (events, pieces) => {
          const dependencies = await open()
          // Two batches at a time, as two concurrent invocations would.
          for (const pair of cut(cut(events, pieces), [2]))
            await Promise.all(pair.map((batch) => applyUntilDone(dependencies, batch)))
          expect(await readStoredStates(dependencies.store, events)).toEqual(expectedStates(events))
          expect(await readStoredPastEntries(dependencies.store, events)).toEqual(expectedPastEntries(events))
        }),
        { numRuns: runs },
      )
    },
    120_000,
  )
}
