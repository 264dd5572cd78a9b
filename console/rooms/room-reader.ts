import { api } from '../api.ts'
import type { ApiMeeting, ApiParticipant, ApiRoom } from '../api-types.ts'
import { type MeetingDetails, readMeeting } from '../meetings/meeting-reader.ts'
import { noteRoomNames } from './room-names.ts'

export type RoomData = {
  readonly room: ApiRoom
  /** Those who are in the room. */
  readonly present: readonly ApiParticipant[]
  readonly hasMorePresent: boolean
  /** Newest first. */
  readonly meetings: readonly ApiMeeting[]
  readonly hasMoreMeetings: boolean
  /** The newest meeting, or undefined. */
  readonly latest: MeetingDetails | undefined
}

type RoomHistory = Pick<RoomData, 'meetings' | 'hasMoreMeetings' | 'latest'>

/** The history is read again at most once in this time. */
const minHistoryIntervalMs = 8_000
/** Although nothing changed in the room, the history is read again after this time: the meeting goes on. */
const maxHistoryIntervalMs = 60_000
/** Sessions are stored shortly after the event, so the history is read again within this time after a change. */
const settleMs = 10_000

const peoplePerPage = 200
const meetingsPerPage = 20

/** What is listed, and how much of it. */
type Wanted = { readonly people: number; readonly meetings: number }

/** Reads a room with the people in it, and its meetings if something happened there. */
export class RoomReader {
  readonly #id: string
  readonly #period: Readonly<Record<string, string>>
  #history: RoomHistory | undefined
  #historyReadAtMs = 0
  #changedAtMs = 0
  #latestRoom = ''
  #wanted: Wanted = { people: peoplePerPage, meetings: meetingsPerPage }

  /** @param period the parameters `from` and `to` of the listed meetings. */
  constructor(id: string, period: Readonly<Record<string, string>>) {
    this.#id = id
    this.#period = period
  }

  async load(): Promise<RoomData> {
    const { room, participants, cursor } = await api.readPresentPeople(this.#id, this.#wanted.people)
    noteRoomNames([room])
    const newRoom = JSON.stringify([room, participants])
    if (newRoom !== this.#latestRoom) this.#changedAtMs = performance.now()
    this.#latestRoom = newRoom
    if (this.#history === undefined || this.#isHistoryDue()) {
      this.#historyReadAtMs = performance.now()
      this.#history = await this.#readHistory()
    }
    return { room, present: participants, hasMorePresent: cursor !== null, ...this.#history }
  }

  wantMorePeople(): void {
    this.#wanted = { ...this.#wanted, people: this.#wanted.people + peoplePerPage }
  }

  wantMoreMeetings(): void {
    this.#wanted = { ...this.#wanted, meetings: this.#wanted.meetings + meetingsPerPage }
    this.#historyReadAtMs = Number.NEGATIVE_INFINITY
  }

  #isHistoryDue(): boolean {
    const ageMs = performance.now() - this.#historyReadAtMs
    const mayHaveChanged = this.#changedAtMs + settleMs > this.#historyReadAtMs
    return ageMs > (mayHaveChanged ? minHistoryIntervalMs : maxHistoryIntervalMs)
  }

  async #readHistory(): Promise<RoomHistory> {
    const { items, cursor } = await api.listMeetings(this.#id, this.#period, this.#wanted.meetings)
    const [newest] = items
    const latest = newest === undefined ? undefined : await readMeeting(newest)
    return { meetings: items, hasMoreMeetings: cursor !== null, latest }
  }
}
