import { api, type Box, type LoggedEvent, type Recording, type RoomDetails, type Session, type Stats } from './api.ts'
import { type Child, h } from './dom.ts'
import { badge, estimatedBadge, facts, table, time } from './parts.ts'
import { attendance, peopleTable, recordingTable, statusWord } from './tables.ts'
import { legend, timeline } from './timeline.ts'
import { say, type Word } from './words.ts'

/** A page: what it reads, and what it shows of that. */
export interface Page<Data = unknown> {
  load(): Promise<Data>
  render(data: Data): Child[]
}

type RoomData = RoomDetails & {
  readonly sessions: readonly Session[]
  readonly events: readonly LoggedEvent[]
  readonly cut: boolean
}

/** Looks at the API after the last event of a room: what was logged is in the sessions a moment later. */
const looksAfterEvent = 5

export function roomPage(id: string): Page<RoomData> {
  let history: Pick<RoomData, 'sessions' | 'events' | 'cut'> | undefined
  let lastEvent: string | null = null
  let looks = 0
  return {
    async load() {
      const whole = await api.room(id)
      looks = whole.room.last_event_at === lastEvent ? looks + 1 : 0
      lastEvent = whole.room.last_event_at
      // Of a room where nothing happens, a year of sessions is not read every two seconds.
      if (history === undefined || looks <= looksAfterEvent) {
        const [sessions, events] = await Promise.all([api.roomSessions(id), api.events(id)])
        const cut = sessions.cursor !== null || events.cursor !== null
        history = { sessions: sessions.items, events: events.items, cut }
      }
      return { ...whole, ...history }
    },
    render({ room, participants, recordings, sessions, events, cut }) {
      const picture = timeline({ sessions, events, recordings, now: Date.now() })
      return [
        h('h1', {}, `${say('room')} `, h('span', { id: 'room-id' }, id)),
        facts([
          [
            say('status'),
            h(
              'span',
              {},
              badge(say(room.status), room.status === 'open' ? 'good' : 'plain'),
              ' ',
              estimatedBadge(room.estimated),
            ),
          ],
          [say('present'), room.present, 'present'],
          [say('opened'), time(room.opened_at)],
          [say('closedAt'), time(room.closed_at)],
          [say('reason'), room.close_reason ?? '–'],
          [say('reopened'), room.reopened],
        ]),
        peopleTable(participants),
        h('h2', {}, say('timeline')),
        h('p', { class: 'quiet' }, say('timelineHelp'), cut && ` ${say('timelineCut')}.`),
        legend(),
        h(
          'div',
          { class: 'scroll', tabindex: 0, role: 'region', 'aria-label': say('timeline') },
          picture ?? h('p', { class: 'quiet' }, say('none')),
        ),
        ...attendance(sessions, cut, false),
        recordingTable(recordings),
      ]
    },
  }
}

export function userPage(id: string): Page<{ readonly items: readonly Session[]; readonly cursor: string | null }> {
  return {
    load: () => api.userSessions(id),
    render: ({ items, cursor }) => [
      h('h1', {}, `${say('user')} `, h('span', { id: 'user-id' }, id)),
      ...attendance(items, cursor !== null, true),
    ],
  }
}

export class RecordingsPage implements Page<readonly Recording[]> {
  static readonly statuses: readonly string[] = ['', 'recording', 'stuck', 'stopped', 'ready', 'failed']
  #status = ''

  choose(status: string): void {
    this.#status = status
  }

  async load() {
    return (await api.recordings(this.#status)).items
  }

  render(recordings: readonly Recording[]): Child[] {
    return [
      h('h1', {}, say('recordings')),
      h(
        'form',
        { class: 'tools' },
        h(
          'label',
          {},
          say('status'),
          h(
            'select',
            { id: 'recording-status', 'data-input': 'recording-status' },
            ...RecordingsPage.statuses.map((status) =>
              h(
                'option',
                { value: status, selected: status === this.#status },
                status === '' ? say('allStatuses') : statusWord(status),
              ),
            ),
          ),
        ),
      ),
      recordingTable(recordings, true),
    ]
  }
}

export const boxesPage: Page<readonly Box[]> = {
  load: async () => (await api.boxes()).items,
  render: (boxes) => [
    h('h1', {}, say('boxes')),
    boxes.length === 0 && h('p', { class: 'quiet' }, say('noBoxes')),
    table(
      say('boxes'),
      ['box', 'lastWarning', 'ports', 'alertsSent', 'alertsSuppressed'],
      boxes.map((box) => ({
        key: box.box_code,
        cells: [
          box.box_code,
          time(box.last_warning_at),
          h(
            'ul',
            { class: 'plain' },
            ...box.ports.map(({ type, port, last_seen_at }) =>
              h('li', {}, `${type} ${port}, ${say('lastSeen')} `, time(last_seen_at)),
            ),
          ),
          box.alerts_sent,
          box.alerts_suppressed,
        ],
      })),
    ),
  ],
}

export const ingestionPage: Page<Stats> = {
  load: api.stats,
  render: (stats) => [
    h('h1', {}, say('ingestion')),
    facts(
      (Object.entries(stats) as [keyof Stats & Word, unknown][]).map(([name, value]) => [
        say(name),
        statValue(name, value),
        `stat-${name}`,
      ]),
    ),
  ],
}

function statValue(name: keyof Stats, value: unknown): Child {
  if (name === 'last_event_at' && value === null) return say('notInHour')
  if (value === null) return '–'
  if (name === 'last_event_at' || name === 'last_sweep_at') return time(String(value))
  if (name === 'last_sweep_ok') return badge(say(value === true ? 'yes' : 'no'), value === true ? 'good' : 'bad')
  if (name === 'reconciliation') return badge(say(value === 'on' ? 'on' : 'off'), value === 'on' ? 'good' : 'warn')
  if (name === 'dead_letters' && Number(value) > 0) return badge(String(value), 'bad', say('deadLettersHelp'))
  return String(value)
}
