import { api } from '../api.ts'
import type { ApiEvent, ApiRoomDetails, ApiSession } from '../api-types.ts'

type RoomHistory = {
  readonly sessions: readonly ApiSession[]
  readonly events: readonly ApiEvent[]
  /** Whether older sessions or events exist that were not read. */
  readonly truncated: boolean
}

export type RoomData = ApiRoomDetails & RoomHistory

/** Number of refreshes after the last change that still read the history: sessions are stored shortly after the event. */
const refreshesAfterChange = 5
/** An idle room's history is read once in so many refreshes, because not every event changes what the page shows. */
const idleHistoryInterval = 15
/** Number of participants to show, and to add on request. */
const participantsPerPage = 200

/** Reads a room, and its history only if something happened there. */
export class RoomReader {
  readonly #id: string
  #history: RoomHistory | undefined
  #latestDetails = ''
  #idleRefreshes = 0
  #wantedParticipants = participantsPerPage

  constructor(id: string) {
    this.#id = id
  }

  async load(): Promise<RoomData> {
    const details = await api.readRoom(this.#id, this.#wantedParticipants)
    const newDetails = JSON.stringify(details)
    this.#idleRefreshes = newDetails === this.#latestDetails ? this.#idleRefreshes + 1 : 0
    this.#latestDetails = newDetails
    const isDue = this.#idleRefreshes <= refreshesAfterChange || this.#idleRefreshes % idleHistoryInterval === 0
    if (this.#history === undefined || isDue) this.#history = await readHistory(this.#id)
    return { ...details, ...this.#history }
  }

  /** Makes the next load read more participants. */
  wantMorePeople(): void {
    this.#wantedParticipants += participantsPerPage
  }
}

async function readHistory(id: string): Promise<RoomHistory> {
  const [sessions, events] = await Promise.all([api.listRoomSessions(id), api.listEvents(id)])
  const truncated = sessions.cursor !== null || events.cursor !== null
  return { sessions: sessions.items, events: events.items, truncated }
}
