import { compareEvents, type LoggedEvent, type ModelEvent, minuteMs, toHistory, toModelEvent } from './logged-event.ts'
import { foldMediaServer, type ModelAlert, type ModelMediaServer } from './media-server.ts'
import { foldPerson, type ModelPerson } from './person.ts'
import { foldRecordings } from './recording.ts'
import { foldRoom } from './room.ts'
import {
  type ShownState,
  showMediaServer,
  showParticipant,
  showRecording,
  showRoom,
  showSession,
} from './shown-state.ts'
import { readWireTime } from './wire-time.ts'

/** The settings of an installation that the state depends on (docs/contract.md, section 2). */
export interface ModelSettings {
  readonly alertWindowMinutes: number
  /** Of the setting `timeZone`, which must not have daylight saving time. */
  readonly utcOffsetMinutes: number
}

/** The defaults. */
export const defaultSettings: ModelSettings = { alertWindowMinutes: 10, utcOffsetMinutes: 480 }

/** An alert that must be sent about a media server. */
export interface ExpectedAlert extends ModelAlert {
  readonly box_code: string
}

export interface ModelState {
  readonly shown: ShownState
  readonly alerts: readonly ExpectedAlert[]
}

const participantEvents = ['join', 'leave', 'publish', 'unpublish', 'sub', 'unsub', 'update']
const recordingEvents = ['start_record', 'stop_record', 'record_transcoding_completion']
const roomEvents = ['open', 'close', 'name_room']

/**
 * Says what the query API must show, from the logged events alone: an own reading of docs/contract.md, section 4, which shares no
 * code with the product. Every subject is folded from its first event. Not modelled: the retention, and the maxima of
 * docs/data-model.md.
 *
 * @param logged in any order, with any repetitions; those in the quarantine have no effect.
 */
export function modelInstallation(
  logged: readonly LoggedEvent[],
  settings: ModelSettings = defaultSettings,
): ModelState {
  const events = logged.filter(({ quarantined }) => quarantined === undefined).map(toModelEvent)
  const rooms = [...Map.groupBy(events, ({ params }) => params.room_id)].flatMap(([room_id, own]) =>
    room_id === undefined ? [] : [modelRoom(room_id, own, settings)],
  )
  const mediaServers = modelMediaServers(events, settings)
  return {
    shown: {
      rooms: rooms.flatMap((room) => room.rooms),
      participants: rooms.flatMap(({ participants }) => participants),
      sessions: rooms.flatMap(({ sessions }) => sessions),
      recordings: rooms.flatMap(({ recordings }) => recordings),
      boxes: mediaServers.map(([box_code, mediaServer]) => showMediaServer(box_code, mediaServer)),
    },
    alerts: mediaServers.flatMap(([box_code, { alerts }]) => alerts.map((alert) => ({ ...alert, box_code }))),
  }
}

/** @param events all with this `room_id`. */
function modelRoom(room_id: string, events: readonly ModelEvent[], { utcOffsetMinutes }: ModelSettings): ShownState {
  const ownEvents = toHistory(events.filter(({ name }) => roomEvents.includes(name)))
  const closes = ownEvents.filter(({ name }) => name === 'close')
  const histories = groupHistories(events, participantEvents, 'user_id')
  const people = histories.map(([user_id, history]): [string, ModelPerson] => [
    user_id,
    foldPerson([...history, ...closes].sort(compareEvents)),
  ])
  const recordings = groupHistories(events, recordingEvents, 'exporter_id')
  const others = [...histories, ...recordings].flatMap(([, history]) => history)
  const sessions = people.flatMap(([, person]) => person.sessions)
  return {
    rooms: [showRoom(room_id, foldRoom(ownEvents, others, sessions))],
    participants: people.flatMap(([user_id, person]) => showParticipant(room_id, user_id, person)),
    sessions: people.flatMap(([user_id, person]) =>
      person.sessions.map((session) => showSession(room_id, user_id, session)),
    ),
    recordings: recordings.flatMap(([, history]) =>
      foldRecordings(history, (text) => readWireTime(text, utcOffsetMinutes)).map((recording) =>
        showRecording(room_id, recording),
      ),
    ),
    boxes: [],
  }
}

/** The histories of the events of these names, by the value of a parameter; the empty text stands for none. */
function groupHistories(
  events: readonly ModelEvent[],
  names: readonly string[],
  parameter: string,
): [string, ModelEvent[]][] {
  const own = events.filter(({ name }) => names.includes(name))
  return [...Map.groupBy(own, ({ params }) => params[parameter] ?? '')].map(([value, group]) => [
    value,
    toHistory(group),
  ])
}

function modelMediaServers(
  events: readonly ModelEvent[],
  { alertWindowMinutes }: ModelSettings,
): [string, ModelMediaServer][] {
  return groupHistories(events, ['warning_notify'], 'box_code').flatMap(([box_code, history]) => {
    const mediaServer = foldMediaServer(history, alertWindowMinutes * minuteMs)
    return mediaServer === undefined ? [] : [[box_code, mediaServer]]
  })
}
