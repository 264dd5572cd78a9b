import { describe, expect, it } from 'vitest'
import { memoryEventLog } from '../../../../adapters/memory/event-log.ts'
import type { NorthboundEvent } from '../../../../core/protocol/events.ts'
import { applyBatch } from '../../../../lambdas/apply-events/apply-batch.ts'
import { memoryDependencies, storedStates, unlimited } from '../../../support/apply.ts'
import { event } from '../../../support/events.ts'

/** Applies the first events, lets the log lose them as its retention does, then applies the rest one by one. */
async function outlived(first: readonly NorthboundEvent[], rest: readonly NorthboundEvent[]) {
  const { store, rules } = memoryDependencies()
  await applyBatch({ log: memoryEventLog(), store, rules }, first, unlimited)
  const log = memoryEventLog()
  for (const one of rest)
    for (const outcome of (await applyBatch({ log, store, rules }, [one], unlimited)).outcomes.values())
      expect(outcome).not.toBeInstanceOf(Error)
  return [...(await storedStates(store, [...first, ...rest])).values()]
}

describe('what outlives the log', () => {
  it('keeps its session when a late event comes after its beginning has expired', async () => {
    const [state] = await outlived(
      [event('join', {}, { at: 10 }), event('publish', { stream_id: 's', stream_type: 'audio' }, { at: 11 })],
      [
        event('sub', { stream_id: 'x', stream_type: 'audio' }, { at: 1000 }),
        event('sub', { stream_id: 'y', stream_type: 'audio' }, { at: 900 }),
      ],
    )
    expect(state).toMatchObject({
      session: { joined_at: 10, end: null },
      streams: [{ stream_id: 's' }],
      subscriptions: [{ stream_id: 'x' }, { stream_id: 'y' }],
    })
  })

  it('keeps the time of its opening', async () => {
    const [state] = await outlived(
      [event('open', {}, { at: 10 })],
      [event('open', {}, { at: 1000 }), event('open', {}, { at: 900 })],
    )
    expect(state).toMatchObject({ status: 'open', opened_at: 10, reopened: 2 })
  })

  it('still ends at the close of its room, and begins anew after it', async () => {
    const [person, room] = await outlived(
      [event('close', { event_type: 'auto' }, { at: 5 }), event('open', {}, { at: 9 }), event('join', {}, { at: 10 })],
      [event('close', { event_type: 'user' }, { at: 1000 }), event('join', {}, { at: 1100 })],
    ).then((states) => states.toSorted((a, b) => (a.kind < b.kind ? -1 : 1)))
    expect(room).toMatchObject({ status: 'closed', close_reason: 'user' })
    expect(person).toMatchObject({ session: { joined_at: 1100, reconnects: 0, end: null } })
  })
})
