import { type Occupancy, outlasts } from './occupancy.ts'
import { findPlace } from './order.ts'

/** Which sessions count: those that began after a time and before another one (ms). */
export type StartRange = {
  readonly after: number
  /** Undefined for the end of the history. */
  readonly before: number | undefined
}

/**
 * The sessions of a room by their start. A room can have a hundred thousand sessions and thousands of openings, so what concerns one
 * opening must not be searched in all sessions.
 */
export class OccupancyIndex {
  readonly #sorted: readonly Occupancy[]
  /** For each session the latest end of all up to it: it never decreases. */
  readonly #latestEnds: Float64Array

  constructor(occupancies: readonly Occupancy[]) {
    this.#sorted = occupancies.toSorted((one, other) => one.joined_at - other.joined_at)
    this.#latestEnds = new Float64Array(this.#sorted.length)
    let latest = Number.NEGATIVE_INFINITY
    for (const [place, { joined_at, left_at }] of this.#sorted.entries()) {
      // The clock may have been set back, so an end can precede its start.
      latest = Math.max(latest, joined_at, left_at ?? Number.POSITIVE_INFINITY)
      this.#latestEnds[place] = latest
    }
  }

  /** The sessions that began in the range, by their start. */
  startedIn({ after, before = Number.POSITIVE_INFINITY }: StartRange): readonly Occupancy[] {
    const first = findPlace(this.#sorted, ({ joined_at }) => joined_at <= after)
    return this.#sorted.slice(
      first,
      findPlace(this.#sorted, ({ joined_at }) => joined_at < before),
    )
  }

  /** All sessions that overlap or touch the interval (ms), and perhaps others. */
  mayOverlap(from: number, to: number): readonly Occupancy[] {
    const first = findPlace(this.#latestEnds, (end) => end < from)
    return this.#sorted.slice(
      first,
      findPlace(this.#sorted, ({ joined_at }) => joined_at <= to),
    )
  }

  /** Whether a session goes on after a close of the room at `closedAt` (ms). */
  hasOutlasting(closedAt: number): boolean {
    return this.mayOverlap(closedAt, closedAt).some((occupancy) => outlasts(occupancy, closedAt))
  }
}
