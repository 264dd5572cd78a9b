import type { School, ScriptedOpening, ScriptedVisit } from '@northbound/avd-simulator'
import pMap from 'p-map'
import { dynamodbPeopleDirectory } from '../../adapters/dynamodb/people-directory.ts'
import { dynamodbUsageStore } from '../../adapters/dynamodb/usage-store.ts'
import { isOfSameDay, type Sighting } from '../../core/people/directory.ts'
import { takeSample } from '../../core/usage/take-sample.ts'
import { addSample, hourOf, msPerMinute, type UsageHour } from '../../core/usage/usage-hour.ts'
import type { HistoryTables } from './history-tables.ts'

/** When in each minute the schedule would have taken the sample. */
const sampleOffsetMs = 20_000
const writeConcurrency = 25

type SeenAt = Sighting & { readonly at: number }

/** Writes the usage of each minute and the directory of people, as the function that samples usage would have. */
export async function sampleHistory(tables: HistoryTables, school: School, signal: AbortSignal): Promise<void> {
  const { hours, sightings } = takeSamples(school)
  const usage = dynamodbUsageStore(tables.client, tables.state, tables.retentionDays)
  await pMap(hours, (hour) => usage.write(hour, undefined, signal), { concurrency: writeConcurrency })
  const people = dynamodbPeopleDirectory(tables.client, tables.state, tables.retentionDays)
  const names = await people.readNames(sightings, signal)
  const entries = sightings.map(({ user_id, room_id, at }) => {
    return { user_id, room_id, user_name: names.get(user_id) ?? null, seen_at: at }
  })
  await people.write(entries, signal)
}

/** @returns the samples by hour, and where each person was at the first sample of their last day. */
function takeSamples({ startAt, endAt, visits, openings }: School): {
  readonly hours: UsageHour[]
  readonly sightings: SeenAt[]
} {
  const showsVisit = followShown<ScriptedVisit>(visits)
  const showsOpening = followShown<ScriptedOpening>(openings)
  const hours = new Map<number, UsageHour>()
  const sightings = new Map<string, SeenAt>()
  let previousAt: number | undefined
  for (let at = startAt + sampleOffsetMs; at < endAt; at += msPerMinute) {
    const present = showsVisit(at)
    const rooms = showsOpening(at).map(({ from }) => ({ opened_at: from }))
    const sample = takeSample({ rooms, people: present.length }, { at, previousAt })
    hours.set(hourOf(at), addSample(hours.get(hourOf(at)), sample))
    for (const { user_id, room_id } of present) {
      const known = sightings.get(user_id)
      if (known === undefined || !isOfSameDay(known.at, at)) sightings.set(user_id, { user_id, room_id, at })
    }
    previousAt = at
  }
  return { hours: [...hours.values()], sightings: [...sightings.values()] }
}

type Shown = { readonly from: number; readonly shownUntil: number | null }

/** @returns a function that lists what a receiver shows at a time (ms since 1970). The times have to ascend. */
function followShown<Entry extends Shown>(entries: readonly Entry[]): (at: number) => readonly Entry[] {
  const pending = entries.toSorted((one, other) => other.from - one.from)
  let shown: Entry[] = []
  return (at) => {
    shown = shown.filter(({ shownUntil }) => shownUntil === null || shownUntil > at)
    for (let next = pending.at(-1); next !== undefined && next.from <= at; next = pending.at(-1)) {
      pending.pop()
      if (next.shownUntil === null || next.shownUntil > at) shown.push(next)
    }
    return shown
  }
}
