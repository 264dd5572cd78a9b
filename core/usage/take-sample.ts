import type { UsageSample } from './usage-hour.ts'

/** An open room with the number of participants present in it. */
export type OpenRoom = {
  /** ms since 1970; null if it is not known. */
  readonly opened_at: number | null
}

/** ms for which the open of a room may be on its way. An event that takes longer is retried, or late. */
const maxDelayMs = 15_000

/**
 * Makes a sample of what the board shows.
 *
 * Meetings are the rooms that were opened since the sample before and are still open, so a room that was opened and closed between two
 * samples does not count. The interval ends somewhat before the sample, since the open of a room may not be applied yet.
 *
 * @param previousAt ms since 1970: the sample before; undefined if there was none. Then no meeting counts.
 */
export function takeSample(
  open: { readonly rooms: readonly OpenRoom[]; readonly people: number },
  { at, previousAt = at }: { readonly at: number; readonly previousAt?: number | undefined },
): UsageSample {
  const isNew = ({ opened_at }: OpenRoom) =>
    opened_at !== null && opened_at >= previousAt - maxDelayMs && opened_at < at - maxDelayMs
  return { at, people: open.people, rooms: open.rooms.length, meetings: open.rooms.filter(isNew).length }
}
