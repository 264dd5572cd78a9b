import { type NorthboundEvent, parseEvent } from '../core/protocol/events.ts'
import { Chance } from '../packages/avd-simulator/src/chance.ts'

export type MixOptions = {
  /** Meetings that go on at the same time; each begins a little after the one before. */
  readonly rooms: number
  readonly peopleInRoom: number
  /** The share of events that are delivered a second time, soon after. */
  readonly duplicates: number
  readonly seed: number
}

const second = 1000
const minute = 60 * second
const hour = 60 * minute

/** People subscribe to no more remote streams than a page of the meeting shows. */
const subscriptionsEach = 9
const reconnecting = 0.1

export const realisticMix: MixOptions = { rooms: 5, peopleInRoom: 30, duplicates: 0.02, seed: 1 }

/**
 * One-hour meetings as the events a media server sends, in the order of receipt: each person joins within the first
 * minutes, publishes audio and video and subscribes to others; one in ten comes back after a crash; the meeting is
 * recorded; people leave towards the end and the room closes.
 */
export function meetings(options: MixOptions): NorthboundEvent[] {
  const chance = new Chance(options.seed)
  const random = () => chance.number()
  const events: NorthboundEvent[] = []
  for (let room = 0; room < options.rooms; room++)
    events.push(...meeting(`1800000${room}`, room * minute, options, random))
  const again = events.filter(() => random() < options.duplicates)
  const delivered = [
    ...events,
    ...again.map((event) => ({ ...event, received_at: event.received_at + Math.round(random() * 2 * second) })),
  ]
  return delivered.sort((a, b) => a.received_at - b.received_at)
}

/** Everybody in one room comes back within so many ms, as when a media server died: as many bursts as people. */
export function reconnections(people: number, withinMs: number, seed: number): NorthboundEvent[] {
  const chance = new Chance(seed)
  const random = () => chance.number()
  const events: NorthboundEvent[] = []
  const happens = eventsInto(events, '18000000', 0, random)
  for (let person = 0; person < people; person++)
    comesIn({ user_id: String(10_000 + person) }, person, random() * withinMs, people, random, happens)
  return events.sort((a, b) => a.received_at - b.received_at)
}

type Happens = (at: number, params: Record<string, string>) => void

function eventsInto(events: NorthboundEvent[], room_id: string, begin: number, random: () => number): Happens {
  return (at, params) => {
    const trace_id = uuid(random)
    // Any day will do, but two runs must agree.
    const received_at = Date.UTC(2026, 0, 15, 1) + Math.round(begin + at)
    events.push(parseEvent({ trace_id, received_at, source: 'callback' }, { trace_id, room_id, ...params }))
  }
}

function meeting(room_id: string, begin: number, options: MixOptions, random: () => number): NorthboundEvent[] {
  const events: NorthboundEvent[] = []
  const happens = eventsInto(events, room_id, begin, random)
  const recording = {
    exporter_type: 'mp4',
    exporter_id: uuid(random),
    start_time: String(1_768_438_800 + begin / second),
  }
  happens(0, { event: 'open' })
  happens(2 * minute, { event: 'start_record', event_type: 'success', ...recording })
  for (let person = 0; person < options.peopleInRoom; person++) {
    const user = { user_id: String(10_000 + person) }
    const joinedAt = random() * 5 * minute
    comesIn(user, person, joinedAt, options.peopleInRoom, random, happens)
    if (random() < reconnecting)
      comesIn(user, person, joinedAt + 10 * minute + random() * 40 * minute, options.peopleInRoom, random, happens)
    happens(55 * minute + random() * 5 * minute, { event: 'leave', ...user, event_type: 'normal' })
  }
  happens(hour + second, { event: 'close', event_type: 'auto' })
  happens(hour + 2 * second, { event: 'stop_record', event_type: 'success', stop_time: '1768442401', ...recording })
  const files = JSON.stringify([{ file: `/record/${room_id}/${recording.exporter_id}.mp4`, size: 734_003_200 }])
  happens(hour + 3 * minute, {
    event: 'record_transcoding_completion',
    event_type: 'success',
    options: files,
    ...recording,
  })
  return events
}

/** What one join brings: about a dozen events within a few seconds. */
function comesIn(
  user: { user_id: string },
  person: number,
  at: number,
  peopleInRoom: number,
  random: () => number,
  happens: Happens,
): void {
  happens(at, { event: 'join', ...user, event_type: 'normal', endpoint_type: 'web', user_name: `与会者 ${person}` })
  happens(at + random() * second, { event: 'publish', ...user, stream_type: 'audio', stream_id: uuid(random) })
  const video = { stream_type: 'video', stream_id: uuid(random), resolution: '1280x720' }
  happens(at + random() * 2 * second, { event: 'publish', ...user, ...video })
  for (let count = 0; count < Math.min(subscriptionsEach, peopleInRoom - 1); count++)
    happens(at + second + random() * 3 * second, {
      event: 'sub',
      ...user,
      stream_type: 'video',
      stream_id: uuid(random),
    })
}

function uuid(random: () => number): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
