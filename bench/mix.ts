import { SeededRandom } from '@northbound/avd-simulator'
import { type NorthboundEvent, parseEvent } from '../core/protocol/events.ts'

export type MixOptions = {
  /** Meetings at the same time; each starts a minute after the previous one. */
  readonly rooms: number
  readonly participantsPerRoom: number
  /** Share of the events that are delivered a second time, up to two seconds later. */
  readonly duplicateShare: number
  readonly seed: number
}

const secondMs = 1000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs

/** The first day of all mixes: any fixed day makes runs reproducible. */
const startMs = Date.UTC(2026, 0, 15, 1)

/** Remote streams that a participant subscribes to: as many as a page of the meeting shows. */
const subscriptionsPerParticipant = 9
const reconnectingShare = 0.1

export const realisticMix: MixOptions = { rooms: 5, participantsPerRoom: 30, duplicateShare: 0.02, seed: 1 }

/**
 * Generates one-hour meetings as events of a media server, in order of receipt: each participant joins within the first
 * minutes, publishes audio and video and subscribes to others; one in ten reconnects after a crash; the meeting is
 * recorded; participants leave towards the end and the room closes.
 */
export function generateMeetings(options: MixOptions): NorthboundEvent[] {
  const random = createRandom(options.seed)
  const events = Array.from({ length: options.rooms }, (_, room) =>
    generateMeeting(`1800000${room}`, room * minuteMs, options, random),
  ).flat()
  const duplicates = events
    .filter(() => random() < options.duplicateShare)
    .map((event) => ({ ...event, received_at: event.received_at + Math.round(random() * 2 * secondMs) }))
  return [...events, ...duplicates].sort((a, b) => a.received_at - b.received_at)
}

/**
 * Generates the events of a room whose participants all reconnect within the given time, as after a media server failure.
 *
 * @param subscriptions of each participant.
 */
export function generateReconnections(
  participants: number,
  withinMs: number,
  seed: number,
  subscriptions = subscriptionsPerParticipant,
): NorthboundEvent[] {
  const random = createRandom(seed)
  const meeting = new MeetingEvents('19000000', 0, random)
  for (let index = 0; index < participants; index++)
    meeting.addJoin(index, random() * withinMs, Math.min(subscriptions, participants - 1))
  return meeting.events.sort((a, b) => a.received_at - b.received_at)
}

function createRandom(seed: number): () => number {
  const random = new SeededRandom(seed)
  return () => random.next()
}

function generateMeeting(
  roomId: string,
  offsetMs: number,
  options: MixOptions,
  random: () => number,
): NorthboundEvent[] {
  const { participantsPerRoom } = options
  const subscriptions = Math.min(subscriptionsPerParticipant, participantsPerRoom - 1)
  const meeting = new MeetingEvents(roomId, offsetMs, random)
  const recording = {
    exporter_type: 'mp4',
    exporter_id: createUuid(random),
    start_time: String((startMs + offsetMs) / secondMs),
  }
  meeting.add(0, { event: 'open' })
  meeting.add(2 * minuteMs, { event: 'start_record', event_type: 'success', ...recording })
  for (let index = 0; index < participantsPerRoom; index++) {
    const joinedAfterMs = random() * 5 * minuteMs
    meeting.addJoin(index, joinedAfterMs, subscriptions)
    if (random() < reconnectingShare)
      meeting.addJoin(index, joinedAfterMs + 10 * minuteMs + random() * 40 * minuteMs, subscriptions)
    const leftAfterMs = 55 * minuteMs + random() * 5 * minuteMs
    meeting.add(leftAfterMs, { event: 'leave', user_id: userIdOf(index), event_type: 'normal' })
  }
  meeting.add(hourMs + secondMs, { event: 'close', event_type: 'auto' })
  const stopped = { event: 'stop_record', event_type: 'success', stop_time: '1768442401' }
  meeting.add(hourMs + 2 * secondMs, { ...stopped, ...recording })
  const files = JSON.stringify([{ file: `/record/${roomId}/${recording.exporter_id}.mp4`, size: 734_003_200 }])
  const transcoded = { event: 'record_transcoding_completion', event_type: 'success', options: files }
  meeting.add(hourMs + 3 * minuteMs, { ...transcoded, ...recording })
  return meeting.events
}

/** The events of one room. */
class MeetingEvents {
  readonly events: NorthboundEvent[] = []
  readonly #roomId: string
  readonly #offsetMs: number
  readonly #random: () => number

  constructor(roomId: string, offsetMs: number, random: () => number) {
    this.#roomId = roomId
    this.#offsetMs = offsetMs
    this.#random = random
  }

  add(afterMs: number, params: Readonly<Record<string, string>>): void {
    const trace_id = createUuid(this.#random)
    const received_at = startMs + Math.round(this.#offsetMs + afterMs)
    const metadata = { trace_id, received_at, source: 'callback' } as const
    this.events.push(parseEvent(metadata, { trace_id, room_id: this.#roomId, ...params }))
  }

  /** Adds the events that a join causes: about a dozen within a few seconds. */
  addJoin(index: number, afterMs: number, subscriptions: number): void {
    const random = this.#random
    const user = { user_id: userIdOf(index) }
    const device = { event_type: 'normal', endpoint_type: 'web', user_name: `与会者 ${index}` }
    this.add(afterMs, { event: 'join', ...user, ...device })
    const audioAfterMs = afterMs + random() * secondMs
    this.add(audioAfterMs, { event: 'publish', ...user, stream_type: 'audio', stream_id: createUuid(random) })
    const video = { stream_type: 'video', stream_id: createUuid(random), resolution: '1280x720' }
    this.add(afterMs + random() * 2 * secondMs, { event: 'publish', ...user, ...video })
    for (let count = 0; count < subscriptions; count++) {
      const subscribedAfterMs = afterMs + secondMs + random() * 3 * secondMs
      this.add(subscribedAfterMs, { event: 'sub', ...user, stream_type: 'video', stream_id: createUuid(random) })
    }
  }
}

function userIdOf(index: number): string {
  return String(10_000 + index)
}

function createUuid(random: () => number): string {
  const hex = Array.from({ length: 32 }, () => Math.floor(random() * 16).toString(16)).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
