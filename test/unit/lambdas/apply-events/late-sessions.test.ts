import { expect, it } from 'vitest'
import type { NorthboundEvent } from '../../../../core/protocol/events.ts'
import { applyBatch } from '../../../../lambdas/apply-events/apply-batch.ts'
import { expectedStates, memoryDependencies, readStoredStates, unlimited } from '../../../support/apply.ts'
import { event } from '../../../support/events.ts'

const minuteMs = 60_000
const estimated = (name: string, user_id: string, minute: number) =>
  event(name, { user_id, event_type: 'reconciled' }, { at: minute * minuteMs, source: 'reconcile' })
const genuine = (name: string, user_id: string, minute: number) =>
  event(name, { user_id, event_type: 'normal' }, { at: minute * minuteMs })

/** Sessions that come late and change what their room was when an event of the room came. */
const histories: Record<string, NorthboundEvent[]> = {
  'joins an inferred opening that an estimated open has resumed': [
    genuine('join', 'U1', 1),
    genuine('leave', 'U1', 1),
    estimated('open', '', 2),
    genuine('join', 'U2', 1),
  ],
  'began while the room was open, before a close and an open that come together': [
    genuine('open', '', 1),
    genuine('join', 'U1', 20),
    genuine('close', '', 10),
    genuine('open', '', 30),
  ],
  'ended before the open that replaced the start of its opening': [
    genuine('close', '', 1),
    estimated('join', 'U2', 4),
    genuine('open', '', 8),
    estimated('leave', 'U2', 5),
  ],
  'changes the closing before an inferred opening': [
    genuine('close', '', 5),
    genuine('join', 'U1', 8),
    genuine('close', '', 10),
    genuine('join', 'U2', 15),
    genuine('join', 'U3', 6),
  ],
  'begins between two estimated closes that later activity has voided': [
    genuine('open', '', 5),
    genuine('join', 'U2', 4),
    estimated('close', '', 30),
    estimated('close', '', 40),
    genuine('leave', 'U1', 45),
    estimated('join', 'U3', 37),
  ],
}

it.each(Object.entries(histories))('applyBatch settles the room again if a late session %s', async (_, events) => {
  const dependencies = memoryDependencies()
  for (const one of events) await applyBatch(dependencies, [one], unlimited)
  expect(await readStoredStates(dependencies.store, events)).toEqual(expectedStates(events))
})
