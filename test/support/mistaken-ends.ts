import fc from 'fast-check'
import { expect } from 'vitest'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { toleranceMs } from '../../core/state/connections.ts'
import { orderKey, sortBy } from '../../core/state/order.ts'
import { isPresent } from '../../core/state/participant.ts'
import { event } from './events.ts'
import { anyHistory, participantAfter, shownAfter, stepsOf } from './participant-histories.ts'

// An end by reconciliation is a mistake if the participant was present. Within the bounds of docs/contract.md, section 4, the
// next genuine event that contradicts it must leave no difference.

const minute = 60_000
const voidWindowMs = 30 * minute
const sameEndWindowMs = 10 * minute

/** Verifies random histories with one mistaken end each. Histories in which nothing contradicts it do not count. */
export function verifyMistakenEnds(name: 'leave' | 'close', numRuns: number): void {
  fc.assert(
    fc.property(anyHistory, fc.nat(), fc.nat(), (history, position, delay) => {
      const index = position % (history.length - 1)
      const from = history[index]?.received_at ?? 0
      const pause = (history[index + 1]?.received_at ?? from) - from
      const at = from + 1 + (delay % Math.max(1, pause - 1))
      const mistake = event(name, { event_type: 'reconciled' }, { at, source: 'reconcile' })
      fc.pre(pause > 1 && isPresentAt(history, at) && isContradicted(history, mistake))
      expect(shownAfter(stepsOf([...history, mistake]))).toEqual(shownAfter(stepsOf(history)))
    }),
    { numRuns, maxSkipsPerRun: 1000 },
  )
}

function isPresentAt(history: readonly NorthboundEvent[], at: number): boolean {
  const state = participantAfter(history.filter(({ received_at }) => received_at < at))
  return state !== undefined && isPresent(state)
}

/** Whether a genuine event contradicts the mistake before a join makes it the end of an earlier session. */
function isContradicted(history: readonly NorthboundEvent[], mistake: NorthboundEvent): boolean {
  const later = sortBy(history, orderKey).filter(({ received_at }) => received_at > mistake.received_at)
  for (const [index, { data, received_at }] of later.entries()) {
    const age = received_at - mistake.received_at
    switch (data.event) {
      case 'join':
        return false
      case 'publish':
      case 'sub':
        return age <= voidWindowMs && !belongToJoin(later.slice(index))
      case 'unpublish':
      case 'unsub':
      case 'update':
        return age <= voidWindowMs
      case 'leave':
        if (age <= sameEndWindowMs && endsSession(history, received_at)) return true
        break
      case 'close':
        if (mistake.data.event === 'close' && age <= sameEndWindowMs && endsSession(history, received_at)) return true
        break
    }
  }
  return false
}

/** Whether a join follows on the media, each of which comes within the tolerance of the one before. */
function belongToJoin(events: readonly NorthboundEvent[]): boolean {
  let lastMediaAt = events[0]?.received_at ?? 0
  for (const { data, received_at } of events) {
    if (received_at - lastMediaAt > toleranceMs) return false
    if (data.event === 'join') return true
    if (data.event === 'publish' || data.event === 'sub') lastMediaAt = received_at
  }
  return false
}

function endsSession(history: readonly NorthboundEvent[], at: number): boolean {
  return isPresentAt(history, at) && !isPresentAt(history, at + 1)
}
