import { api } from './api.ts'
import type { ApiEvent, ApiRoomDetails, ApiSession } from './api-types.ts'
import { badge, estimatedBadge, factList, time } from './components.ts'
import { type Child, h } from './dom.ts'
import type { ConsolePage } from './page.ts'
import { attendance, participantTable, recordingTable } from './tables.ts'
import { legend, timeline } from './timeline.ts'
import { translate } from './words.ts'

type RoomHistory = {
  readonly sessions: readonly ApiSession[]
  readonly events: readonly ApiEvent[]
  /** Whether older sessions or events exist that were not read. */
  readonly truncated: boolean
}

/** Number of refreshes after the last change that still read the history: sessions are stored shortly after the event. */
const refreshesAfterChange = 5
/** An idle room's history is read once in so many refreshes, because not every event changes what the page shows. */
const idleHistoryInterval = 15
/** Number of participants to show, and to add on request. */
const participantsPerPage = 200

export function roomPage(id: string): ConsolePage<ApiRoomDetails & RoomHistory> {
  let history: RoomHistory | undefined
  let shownDetails = ''
  let idleRefreshes = 0
  let wantedParticipants = participantsPerPage
  return {
    async load() {
      const details = await api.readRoom(id, wantedParticipants)
      const newDetails = JSON.stringify(details)
      idleRefreshes = newDetails === shownDetails ? idleRefreshes + 1 : 0
      shownDetails = newDetails
      // The history of a room can be long, so it is not read on every refresh of an idle room.
      const isDue = idleRefreshes <= refreshesAfterChange || idleRefreshes % idleHistoryInterval === 0
      if (history === undefined || isDue) history = await readHistory(id)
      return { ...details, ...history }
    },
    showMore() {
      wantedParticipants += participantsPerPage
    },
    render({ room, participants, recordings, cursor, sessions, events, truncated }) {
      return [
        h(
          'h1',
          {},
          `${translate('room')} `,
          h('span', { id: 'room-id' }, id),
          room.name !== null && h('span', { id: 'room-name' }, ` ${room.name}`),
        ),
        roomFacts(room),
        participantTable(participants),
        cursor !== null &&
          h('button', { type: 'button', id: 'more-people', 'data-action': 'show-more' }, translate('morePeople')),
        h('h2', {}, translate('timeline')),
        h('p', { class: 'quiet' }, translate('timelineHelp'), truncated && ` ${translate('timelineCut')}.`),
        legend(),
        h(
          'div',
          { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': translate('timeline') },
          timeline({ sessions, events, recordings, now: Date.now() }) ?? h('p', { class: 'quiet' }, translate('none')),
        ),
        ...attendance(sessions, { truncated, acrossRooms: false }),
        recordingTable(recordings),
      ]
    },
  }
}

async function readHistory(id: string): Promise<RoomHistory> {
  const [sessions, events] = await Promise.all([api.listRoomSessions(id), api.listEvents(id)])
  const truncated = sessions.cursor !== null || events.cursor !== null
  return { sessions: sessions.items, events: events.items, truncated }
}

function roomFacts(room: ApiRoomDetails['room']): Child {
  const status = badge(translate(room.status), room.status === 'open' ? 'good' : 'plain')
  return factList([
    [translate('status'), h('span', {}, status, ' ', estimatedBadge(room.estimated))],
    [translate('present'), room.present, 'present'],
    [translate('opened'), time(room.opened_at)],
    [translate('closedAt'), time(room.closed_at)],
    [translate('reason'), room.close_reason ?? '–'],
    [translate('reopened'), room.reopened],
  ])
}
