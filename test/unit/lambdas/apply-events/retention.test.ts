import { describe, expect, it } from 'vitest'
import type { NorthboundEvent } from '../../../../core/protocol/events.ts'
import { applyBatch } from '../../../../lambdas/apply-events/apply-batch.ts'
import {
  applyUntilDone,
  expectedPastEntries,
  expectedStates,
  readStoredPastEntries,
  readStoredStates,
  unlimited,
} from '../../../support/apply.ts'
import { event } from '../../../support/events.ts'
import { dayMs, memoryExpiringStores, retentionDays, verifyStateAfterExpiry } from '../../../support/retention.ts'

/** Stores in memory, to which events are applied on a given day. */
function setUp() {
  const { log, dependencies, clock } = memoryExpiringStores()
  const apply = async (at: number, ...events: NorthboundEvent[]) => {
    clock.now = at * dayMs
    log.expire(clock.now - retentionDays * dayMs)
    return [...(await applyBatch(dependencies, events, unlimited)).outcomes.values()]
  }
  return { log, dependencies, clock, apply }
}

describe('applyBatch with a log that keeps events for 30 days', () => {
  it('stores the fold of all events ever, whatever has expired, up to 24 days late, with crashes', () =>
    verifyStateAfterExpiry(async () => memoryExpiringStores(), 300))

  it('applies a redelivered leave whose projection write failed, after the start of the session has expired', async () => {
    const { dependencies, apply } = setUp()
    const join = event('join', {}, { at: dayMs })
    const leave = event('leave', { event_type: 'normal' }, { at: 40 * dayMs })
    await apply(1, join)
    // The leave is logged, but its projection is not written.
    await dependencies.log.append(leave)
    expect(await apply(60, { ...leave })).toEqual(['duplicate'])
    const [state] = (await readStoredStates(dependencies.store, [join])).values()
    expect(state).toMatchObject({ session: { joined_at: dayMs, end: { at: 40 * dayMs } } })
  })

  it('keeps a session of 39 days when a late event arrives', async () => {
    const { dependencies, apply } = setUp()
    const join = event('join', {}, { at: dayMs })
    const publish = event('publish', { stream_id: 's', stream_type: 'audio' }, { at: 39 * dayMs })
    const late = event('sub', { stream_id: 'x', stream_type: 'audio' }, { at: 30 * dayMs })
    await apply(1, join)
    await apply(39, publish)
    expect(await apply(40, late)).toEqual(['stale'])
    const [state] = (await readStoredStates(dependencies.store, [join])).values()
    expect(state).toMatchObject({
      session: { joined_at: dayMs, end: null },
      streams: [{ stream_id: 's' }],
      subscriptions: [{ stream_id: 'x' }],
    })
  })

  it('does not count people who came after a late open as people whom it found', async () => {
    const { dependencies, apply } = setUp()
    const close = event('close', { event_type: 'user' }, { at: 4 * dayMs })
    const join = event('join', {}, { at: 20 * dayMs })
    const open = event('open', { event_type: 'reconciled' }, { at: 20 * dayMs, source: 'reconcile' })
    await apply(4, close)
    await apply(20, join)
    await apply(35, open)
    const events = [close, join, open]
    expect(await readStoredStates(dependencies.store, events)).toEqual(expectedStates(events))
  })

  it('keeps the opening time and the counter of a room when a late event arrives', async () => {
    const { dependencies, apply } = setUp()
    const open = (at: number) => event('open', {}, { at: at * dayMs })
    await apply(1, open(1))
    for (const at of [10, 20, 30, 40]) await apply(at, open(at))
    expect(await apply(41, open(25))).toEqual(['stale'])
    const [state] = (await readStoredStates(dependencies.store, [open(1)])).values()
    expect(state).toMatchObject({ status: 'open', opened_at: dayMs, reopened: 5 })
  })

  it('quarantines an event that comes before everything that the log still has', async () => {
    const { log, dependencies, apply } = setUp()
    const join = event('join', {}, { at: dayMs })
    await apply(1, join)
    await apply(40, event('update', { user_name: 'Bo' }, { at: 40 * dayMs }))
    const late = event('leave', { event_type: 'normal' }, { at: dayMs / 2 })
    expect(await apply(41, late)).toEqual(['too_late'])
    const [state] = (await readStoredStates(dependencies.store, [join])).values()
    expect(state).toMatchObject({ session: { joined_at: dayMs, end: null } })
    expect([...log.quarantined.values()]).toMatchObject([{ reason: 'too_late', event: late }])
  })

  it('ends a session at the close of its room after the start has expired, and starts a new one after it', async () => {
    const { dependencies, apply } = setUp()
    await apply(1, event('close', { event_type: 'auto' }, { at: dayMs }), event('open', {}, { at: dayMs + 1 }))
    const join = event('join', {}, { at: dayMs + 2 })
    await apply(1, join)
    await apply(50, event('close', { event_type: 'user' }, { at: 50 * dayMs }))
    await apply(51, event('join', {}, { at: 51 * dayMs }))
    const [state] = (await readStoredStates(dependencies.store, [join])).values()
    expect(state).toMatchObject({ session: { joined_at: 51 * dayMs, reconnects: 0, end: null } })
  })

  it.each([
    ['an end that is not void because a join came late', 20, event('join', {}, { at: 1020 })],
    ['an end that is void because of late evidence', 3000, event('update', { user_name: 'Bo' }, { at: 1020 })],
  ])('stores the past sessions from a checkpoint at which an end was undecided: %s', async (_, evidenceAfter, late) => {
    const { dependencies, clock, apply } = setUp()
    // The period of the checkpoints ends between the estimated return and the evidence.
    const periodEnd = 40 * dayMs
    const at = (seconds: number) => periodEnd + (seconds - 1010) * 1000
    const estimated = (name: string, seconds: number) =>
      event(name, { event_type: 'reconciled' }, { at: at(seconds), source: 'reconcile' })
    const events = [
      event('join', {}, { at: 38 * dayMs }),
      estimated('leave', 100),
      estimated('join', 1000),
      event('update', { user_name: 'Ann' }, { at: at(1010 + evidenceAfter) }),
    ]
    for (const one of events) await apply(one.received_at / dayMs, one)
    // The log has lost everything before the checkpoint.
    clock.now = 63 * dayMs
    const lateEvent = { ...late, received_at: at(late.received_at) }
    await apply(63, lateEvent)
    const all = [...events, lateEvent]
    expect(await readStoredStates(dependencies.store, all)).toEqual(expectedStates(all))
    expect(await readStoredPastEntries(dependencies.store, all)).toEqual(expectedPastEntries(all))
  })

  it('continues after a crash once all deliveries have succeeded', async () => {
    const { dependencies, clock } = setUp()
    clock.now = dayMs
    const events = [event('join', {}, { at: dayMs }), event('leave', { event_type: 'normal' }, { at: dayMs + 1 })]
    await applyUntilDone(dependencies, events)
    expect(await readStoredStates(dependencies.store, events)).toEqual(expectedStates(events))
  })
})
