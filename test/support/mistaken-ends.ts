import fc from 'fast-check'
import { expect } from 'vitest'
import { isPastSession } from '../../core/projection/past-entries.ts'
import type { NorthboundEvent } from '../../core/protocol/events.ts'
import { toleranceMs } from '../../core/state/connections.ts'
import { orderKey, sortBy } from '../../core/state/order.ts'
import { isPresent } from '../../core/state/participant.ts'
import { event } from './events.ts'
import { anyHistory, participantAfter, shownAfter, stepsOf } from './participant-histories.ts'

// A correction by reconciliation is a mistake if it does not say what really happened. Within the bounds of docs/contract.md,
// section 4, the next genuine event that contradicts it must leave no difference.

const minute = 60_000
const voidWindowMs = 30 * minute
const sameEndWindowMs = 10 * minute
const sameStartWindowMs = 5 * minute

type History = readonly NorthboundEvent[]

/** Corrections after the first, each at a share of the time until the contradiction. */
const furtherMistakes = fc.array(
  fc.record({
    name: fc.constantFrom('join', 'join', 'leave', 'close'),
    share: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  { maxLength: 5 },
)

/**
 * Verifies random histories with one mistaken end each, and with further corrections until a genuine event contradicts it.
 * Histories in which nothing contradicts it do not count.
 */
export function verifyMistakenEnds(name: 'leave' | 'close', numRuns: number): void {
  fc.assert(
    fc.property(anyHistory, fc.nat(), fc.nat(), furtherMistakes, (history, position, delay, further) => {
      const at = pickTime(history, position, delay)
      fc.pre(at !== undefined && isPresentAt(history, at) && isInSession(history, at))
      const mistake = correctionAt(at, name)
      const contradiction = findContradiction(history, mistake)
      fc.pre(contradiction !== undefined)
      // A leave contradicts the correction before it only.
      const isEnd = contradiction.data.event === 'leave' || contradiction.data.event === 'close'
      const later = (isEnd ? [] : further).map(({ name, share }) =>
        correctionAt(Math.floor(at + (contradiction.received_at - 1 - at) * share), name),
      )
      // The participant may have left in between. An estimated join then begins a session, mistaken or not.
      const joins = later.filter(({ data }) => data.event === 'join')
      expect(shownAfter(stepsOf([...history, mistake, ...later]))).toEqual(shownAfter(stepsOf([...history, ...joins])))
    }),
    { numRuns, maxSkipsPerRun: 1000 },
  )
}

/** Verifies random histories with an estimated join each, of someone who is present or who really joins soon after it. */
export function verifyMistakenStarts(numRuns: number): void {
  fc.assert(
    fc.property(anyHistory, fc.nat(), fc.nat(), (history, position, delay) => {
      const at = pickTime(history, position, delay)
      fc.pre(at !== undefined && (isPresentAt(history, at) || isJoinedSoonAfter(history, at)))
      expect(shownAfter(stepsOf([...history, correctionAt(at, 'join')]))).toEqual(shownAfter(stepsOf(history)))
    }),
    { numRuns, maxSkipsPerRun: 1000 },
  )
}

/** Whether the participant was present, as the whole history says: media may belong to a later join. */
function isInSession(history: History, at: number): boolean {
  const { session, past = [] } = shownAfter(stepsOf(history)) ?? {}
  const sessions = [...past.filter(isPastSession), ...(session ? [session] : [])]
  return sessions.some(({ joined_at, end }) => joined_at <= at && (end === null || end.at > at))
}

/** A time (ms) between two events of the history; undefined if no time lies between those at the position. */
function pickTime(history: History, position: number, delay: number): number | undefined {
  const index = position % (history.length - 1)
  const from = history[index]?.received_at ?? 0
  const pause = (history[index + 1]?.received_at ?? from) - from
  return pause > 1 ? from + 1 + (delay % (pause - 1)) : undefined
}

function correctionAt(at: number, name: string): NorthboundEvent {
  return event(name, name === 'join' ? {} : { event_type: 'reconciled' }, { at, source: 'reconcile' })
}

function isJoinedSoonAfter(history: History, at: number): boolean {
  const next = sortBy(history, orderKey).find(({ received_at }) => received_at > at)
  return next?.data.event === 'join' && next.received_at - at <= sameStartWindowMs
}

function isPresentAt(history: History, at: number): boolean {
  const state = participantAfter(history.filter(({ received_at }) => received_at < at))
  return state !== undefined && isPresent(state)
}

/** The genuine event that contradicts the mistake before a join makes it the end of an earlier session. */
function findContradiction(history: History, mistake: NorthboundEvent): NorthboundEvent | undefined {
  const later = sortBy(history, orderKey).filter(({ received_at }) => received_at > mistake.received_at)
  for (const [index, event] of later.entries()) {
    const { data, received_at } = event
    const age = received_at - mistake.received_at
    switch (data.event) {
      case 'join':
        return undefined
      case 'publish':
      case 'sub':
        return age <= voidWindowMs && !belongToJoin(later.slice(index)) ? event : undefined
      case 'unpublish':
      case 'unsub':
      case 'update':
        return age <= voidWindowMs ? event : undefined
      case 'leave':
        if (age <= sameEndWindowMs && endsSession(history, received_at)) return event
        break
      case 'close':
        if (mistake.data.event === 'close' && age <= sameEndWindowMs && endsSession(history, received_at)) return event
        break
    }
  }
  return undefined
}

/** Whether a join follows on the media, each of which comes within the tolerance of the one before. */
function belongToJoin(events: History): boolean {
  let lastMediaAt = events[0]?.received_at ?? 0
  for (const { data, received_at } of events) {
    if (received_at - lastMediaAt > toleranceMs) return false
    if (data.event === 'join') return true
    if (data.event === 'publish' || data.event === 'sub') lastMediaAt = received_at
  }
  return false
}

function endsSession(history: History, at: number): boolean {
  return isPresentAt(history, at) && !isPresentAt(history, at + 1)
}
