import { beforeAll, describe, expect, it } from 'vitest'
import type { EventLog, Holder } from '../../core/ports/event-log.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { aggregateOf } from '../../core/state/aggregate.ts'
import { event } from '../support/events.ts'

/** Tests that every event log must pass. @param open returns an empty log. */
export function eventLogContract(open: () => Promise<EventLog>): void {
  describe('the event log', () => {
    let log: EventLog
    beforeAll(async () => {
      log = await open()
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

    it('records conflicts without adding to the streams', async () => {
      const leave = event('leave', { user_id: 'h' }, { at: 1, trace: 'h' })
      const join = event('join', { user_id: 'h' }, { at: 2, trace: 'h' })
      await log.recordConflict(join, undefined)
      await log.recordConflict(join, leave)
      await log.recordConflict({ ...join, received_at: 0 }, undefined)
      await log.recordConflict({ ...join, received_at: 0 }, undefined)
      expect(await log.read(aggregateOf(join))).toEqual([])
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
}
