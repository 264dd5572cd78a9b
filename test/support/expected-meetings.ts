import type { School, ScriptedOpening, ScriptedVisit } from '@northbound/avd-simulator'

// Computed from the script of the simulated school by docs/contract.md, section 6, and independent of core/.

const maxPauseMs = 30 * 60_000

/** A meeting with its people. Times in ms since 1970. */
export type ExpectedMeeting = {
  readonly room_id: string
  readonly openedAt: number
  readonly closedAt: number | null
  readonly close_reason: string | null
  readonly estimated: boolean
  readonly visits: readonly ScriptedVisit[]
}

type Stay = { readonly from: number; readonly to: number }

const endOf = ({ to }: { readonly to: number | null }, now: number) => to ?? now
const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0)

/** Lists the meetings of all rooms. @param now ms since 1970. */
export function expectMeetings({ openings, visits }: School, now: number): ExpectedMeeting[] {
  return openings.flatMap((opening) => {
    const own = visits.filter(({ room_id, from }) => {
      return room_id === opening.room_id && from >= opening.from && from <= endOf(opening, now)
    })
    return splitAtPauses(opening, own, now)
  })
}

function splitAtPauses(opening: ScriptedOpening, visits: readonly ScriptedVisit[], now: number): ExpectedMeeting[] {
  const { room_id, close_reason, openingLost, closingLost } = opening
  const groups = groupByPause(visits, now)
  const lastEnd = Math.max(...visits.map((visit) => endOf(visit, now)))
  const isAbandoned = opening.to === null && now - lastEnd > maxPauseMs
  if (groups.length === 1 && !isAbandoned) {
    const estimated = openingLost || closingLost
    return [{ room_id, openedAt: opening.from, closedAt: opening.to, close_reason, estimated, visits }]
  }
  return groups.map((group) => {
    const from = Math.min(...group.map((visit) => visit.from))
    const isFirst = group === groups[0] && from - opening.from <= maxPauseMs
    const isLasting = group.some(({ to }) => to === null)
    return {
      room_id,
      openedAt: isFirst ? opening.from : from,
      closedAt: isLasting ? null : Math.max(...group.map((visit) => endOf(visit, now))),
      close_reason: isLasting ? null : 'auto',
      // The end of a meeting that is over was inferred, and the start as well unless the room was opened for it.
      estimated: !isLasting || !isFirst,
      visits: group,
    }
  })
}

/** Groups visits between which no one was there for more than 30 minutes. */
function groupByPause(visits: readonly ScriptedVisit[], now: number): ScriptedVisit[][] {
  const groups: ScriptedVisit[][] = []
  let until = Number.NEGATIVE_INFINITY
  for (const visit of visits.toSorted((one, other) => one.from - other.from)) {
    if (visit.from - until > maxPauseMs) groups.push([])
    groups.at(-1)?.push(visit)
    until = Math.max(until, endOf(visit, now))
  }
  return groups
}

/** The numbers of a meeting as the query API has them. @param now ms since 1970. */
export function measure({ openedAt, closedAt, visits }: ExpectedMeeting, now: number) {
  const stays = visits.map((visit) => ({ from: visit.from, to: endOf(visit, now) }))
  return {
    seconds: Math.round(((closedAt ?? now) - openedAt) / 1000),
    people: new Set(visits.map(({ user_id }) => user_id)).size,
    peak: Math.max(...stays.map(({ from }) => countAt(stays, from))),
    person_seconds: Math.round(sumOf(stays.map(({ from, to }) => to - from)) / 1000),
  }
}

function countAt(stays: readonly Stay[], at: number): number {
  return stays.filter(({ from, to }) => from <= at && at < to).length
}

/** What the query API says about one person in an interval. */
type AttendanceRow = {
  readonly user_id: string
  readonly user_name: string | null
  readonly first_joined_at: string
  readonly last_left_at: string | null
  readonly seconds: number
  readonly sessions: number
  readonly reconnects: number
  readonly endpoint_types: readonly string[]
  readonly estimated: boolean
}

/** `presentMs`: what `seconds` rounds. */
export type ExpectedAttendance = { readonly row: AttendanceRow; readonly presentMs: number }

/** Lists who was in a room in an interval (ms since 1970), by the first join and then by id. */
export function expectAttendance(
  { visits }: School,
  room_id: string,
  { from, to }: { readonly from: number; readonly to: number },
): ExpectedAttendance[] {
  const present = visits.filter((visit) => {
    return visit.room_id === room_id && visit.from < to && endOf(visit, Number.POSITIVE_INFINITY) > from
  })
  const rows = [...Map.groupBy(present, ({ user_id }) => user_id)].map(([user_id, own]): ExpectedAttendance => {
    const sorted = own.toSorted((one, other) => one.from - other.from)
    const lastEnd = sorted.some((visit) => visit.to === null) ? null : Math.max(...sorted.map((visit) => visit.to ?? 0))
    const cut = sorted.map((visit) => Math.min(endOf(visit, to), to) - Math.max(visit.from, from))
    // The visits of one person in a room never overlap.
    const presentMs = sumOf(cut)
    const row = {
      user_id,
      user_name: sorted.findLast(({ user_name }) => user_name !== null)?.user_name ?? null,
      first_joined_at: new Date(sorted[0]?.from ?? 0).toISOString(),
      last_left_at: lastEnd === null ? null : new Date(lastEnd).toISOString(),
      seconds: Math.round(presentMs / 1000),
      sessions: sorted.length,
      reconnects: sumOf(sorted.map(({ reconnects }) => reconnects)),
      endpoint_types: [...new Set(sorted.flatMap(({ endpoint_type }) => endpoint_type ?? []))],
      estimated: sorted.some(({ estimated }) => estimated),
    }
    return { row, presentMs }
  })
  const key = ({ row: { first_joined_at, user_id } }: ExpectedAttendance) => `${first_joined_at} ${user_id}`
  return rows.sort((one, other) => (key(one) < key(other) ? -1 : 1))
}
