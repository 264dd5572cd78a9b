import type { NorthboundEvent } from '../protocol/events.ts'
import { hash } from './hash.ts'
import { orderKey } from './order.ts'

/** A close of a room, as the sessions in the room need to know it. */
export type CloseMark = {
  readonly order: string
  /** ms */
  readonly at: number
  readonly estimated: boolean
  /** Stands for this close and the few before it: two histories that agree here agree in all that can matter. */
  readonly chain: number
}

/** What is known of a room's closes, oldest first. */
export type KnownCloses = {
  readonly closes: readonly CloseMark[]
  /** Whether there were closes before these. */
  readonly closes_cut: boolean
}

export const noCloses: KnownCloses = { closes: [], closes_cut: false }

/** The last close that a state has taken in. */
export type SeenClose = Pick<CloseMark, 'order' | 'chain'>

/**
 * How many closes a room remembers, and a chain reaches back. Older ones cannot matter: each close ends the sessions
 * that began before it; and the log loses them in time.
 */
export const maxTrackedCloses = 8

/** The mark of the close that comes next after these. */
export function nextCloseMark(before: readonly CloseMark[], event: NorthboundEvent): CloseMark {
  const order = orderKey(event)
  const chain = hash([...before.slice(1 - maxTrackedCloses).map((close) => close.order), order].join(' '))
  return { order, at: event.received_at, estimated: event.source === 'reconcile', chain }
}

/** The marks of the closes among a room's whole history. */
export function closesOf(past: readonly NorthboundEvent[]): CloseMark[] {
  const closes: CloseMark[] = []
  for (const event of past) if (event.data.event === 'close') closes.push(nextCloseMark(closes, event))
  return closes
}

/**
 * The closes that came after `seen`; undefined where the two do not fit together, because a close came late or was
 * moved to an earlier time, or is older than what is known.
 */
export function closesSince(seen: SeenClose | null, { closes, closes_cut }: KnownCloses): CloseMark[] | undefined {
  if (seen === null) return closes_cut ? undefined : [...closes]
  const index = closes.findIndex((close) => close.order === seen.order && close.chain === seen.chain)
  return index === -1 ? undefined : closes.slice(index + 1)
}
