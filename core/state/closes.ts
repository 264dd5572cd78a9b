import type { NorthboundEvent } from '../protocol/events.ts'
import { hash } from './hash.ts'
import { orderKey } from './order.ts'

/** A close of a room, reduced to what the sessions in the room need to know (docs/decisions/0001). */
export type CloseMark = {
  readonly order: string
  /** ms */
  readonly at: number
  readonly estimated: boolean
  /** Hash of this close and the tracked closes before it. Histories with equal hashes agree in every relevant close. */
  readonly chain: number
  /** Whether events after it show this estimated close to be a mistake. Only the state of the room says so. */
  readonly is_void?: true
}

/** The tracked closes of a room, oldest first. */
export type KnownCloses = {
  readonly closes: readonly CloseMark[]
  /** Whether older closes were dropped. */
  readonly closes_cut: boolean
}

export const noCloses: KnownCloses = { closes: [], closes_cut: false }

/** The last close that has been folded into a state. */
export type SeenClose = Pick<CloseMark, 'order' | 'chain'>

/**
 * Number of closes that a room tracks and that a chain covers. Older closes are irrelevant: each close ends the sessions
 * that began before it, and the log expires in time.
 */
export const maxTrackedCloses = 8

/** The mark of the next close after these. */
export function nextCloseMark(before: readonly CloseMark[], event: NorthboundEvent): CloseMark {
  const order = orderKey(event)
  const mark = { order, at: event.received_at, estimated: event.source === 'reconcile' }
  return { ...mark, chain: hash([...before.slice(1 - maxTrackedCloses), mark].map(linkText).join(' ')) }
}

function linkText({ order, estimated }: Omit<CloseMark, 'chain'>): string {
  return estimated ? `${order} estimated` : order
}

/** The marks of all closes in a room's whole history. */
export function closesOf(history: readonly NorthboundEvent[]): CloseMark[] {
  return continueCloses([], history)
}

/**
 * The marks of the closes in the end of a room's history.
 *
 * @param tracked marks that the room tracks. Those that are older than the history are kept, and count in the chains.
 */
export function continueCloses(tracked: readonly CloseMark[], history: readonly NorthboundEvent[]): CloseMark[] {
  const [first] = history
  const closes = first === undefined ? [...tracked] : tracked.filter(({ order }) => order < orderKey(first))
  for (const event of history) if (event.data.event === 'close') closes.push(nextCloseMark(closes, event))
  return closes
}

/**
 * The closes after `seen`. Undefined if they cannot be determined: a close came late, moved to an earlier time, or is
 * older than the tracked closes.
 */
export function closesSince(seen: SeenClose | null, { closes, closes_cut }: KnownCloses): CloseMark[] | undefined {
  if (seen === null) return closes_cut ? undefined : [...closes]
  const index = closes.findIndex((close) => close.order === seen.order && close.chain === seen.chain)
  return index === -1 ? undefined : closes.slice(index + 1)
}
