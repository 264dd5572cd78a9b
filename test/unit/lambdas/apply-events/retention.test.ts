import { describe, expect, it } from 'vitest'
import { memoryEventLog } from '../../../../adapters/memory/event-log.ts'
import type { NorthboundEvent } from '../../../../core/protocol/events.ts'
import { applyBatch } from '../../../../lambdas/apply-events/apply-batch.ts'
import { memoryDependencies, readStoredStates, unlimited } from '../../../support/apply.ts'
import { event } from '../../../support/events.ts'

/** Applies the first events, expires them from the log, and then applies the rest one by one. @returns the stored states. */
async function applyAfterExpiry(first: readonly NorthboundEvent[], rest: readonly NorthboundEvent[]) {
  const { store, rules } = memoryDependencies()
  await applyBatch({ log: memoryEventLog(), store, rules }, first, unlimited)
  const log = memoryEventLog()
  for (const event of rest)
    for (const outcome of (await applyBatch({ log, store, rules }, [event], unlimited)).outcomes.values())
      expect(outcome).not.toBeInstanceOf(Error)
  return [...(await readStoredStates(store, [...first, ...rest])).values()]
}

describe('applyBatch after the log has expired', () => {
  it('keeps the session of a participant when a late event arrives', async () => {
    const [state] = await applyAfterExpiry(
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

  it('keeps the opening time of a room when a late event arrives', async () => {
    const [state] = await applyAfterExpiry(
      [event('open', {}, { at: 10 })],
      [event('open', {}, { at: 1000 }), event('open', {}, { at: 900 })],
    )
    expect(state).toMatchObject({ status: 'open', opened_at: 10, reopened: 2 })
  })

  it('ends a session at the close of its room, and starts a new one after it', async () => {
    const [participant, room] = await applyAfterExpiry(
      [event('close', { event_type: 'auto' }, { at: 5 }), event('open', {}, { at: 9 }), event('join', {}, { at: 10 })],
      [event('close', { event_type: 'user' }, { at: 1000 }), event('join', {}, { at: 1100 })],
    ).then((states) => states.toSorted((a, b) => (a.kind < b.kind ? -1 : 1)))
    expect(room).toMatchObject({ status: 'closed', close_reason: 'user' })
    expect(participant).toMatchObject({ session: { joined_at: 1100, reconnects: 0, end: null } })
  })
})
