import { api } from './api.ts'
import type { ApiBox, ApiPage, ApiRecording, ApiRefusedCallback, ApiSession, ApiStats } from './api-types.ts'
import { badge, factList, table, time } from './components.ts'
import { type Child, h } from './dom.ts'
import type { ConsolePage } from './page.ts'
import { refusedTable } from './refused-table.ts'
import { attendance, recordingTable, translateRecordingStatus } from './tables.ts'
import { warningList } from './warnings.ts'
import { type TextKey, translate } from './words.ts'

export function userPage(id: string): ConsolePage<ApiPage<ApiSession>> {
  return {
    load: () => api.listUserSessions(id),
    render: ({ items, cursor }) => [
      h('h1', {}, `${translate('user')} `, h('span', { id: 'user-id' }, id)),
      ...attendance(items, { truncated: cursor !== null, acrossRooms: true }),
    ],
  }
}

const recordingStatusFilters = ['', 'recording', 'stuck', 'stopped', 'ready', 'failed']

export class RecordingsPage implements ConsolePage<readonly ApiRecording[]> {
  #status = ''

  /** @param status shows all recordings if empty. */
  filterByStatus(status: string): void {
    this.#status = status
  }

  async load() {
    return (await api.listRecordings(this.#status)).items
  }

  render(recordings: readonly ApiRecording[]): Child[] {
    const options = recordingStatusFilters.map((status) =>
      h(
        'option',
        { value: status, selected: status === this.#status },
        status === '' ? translate('allStatuses') : translateRecordingStatus(status),
      ),
    )
    return [
      h('h1', {}, translate('recordings')),
      h(
        'form',
        { class: 'tools' },
        h(
          'label',
          {},
          translate('status'),
          h('select', { id: 'recording-status', 'data-input': 'recording-status' }, ...options),
        ),
      ),
      recordingTable(recordings, { acrossRooms: true }),
    ]
  }
}

export const boxesPage: ConsolePage<readonly ApiBox[]> = {
  load: async () => (await api.listBoxes()).items,
  render: (boxes) => [
    h('h1', {}, translate('boxes')),
    boxes.length === 0 && h('p', { class: 'quiet' }, translate('noBoxes')),
    table(
      translate('boxes'),
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
              h('li', {}, `${type} ${port}, ${translate('lastSeen')} `, time(last_seen_at)),
            ),
          ),
          box.alerts_sent,
          box.alerts_suppressed,
        ],
      })),
    ),
  ],
}

type IngestionData = { readonly stats: ApiStats; readonly refused: readonly ApiRefusedCallback[] }

export const ingestionPage: ConsolePage<IngestionData> = {
  async load() {
    const [stats, { items }] = await Promise.all([api.readStats(), api.listRefused()])
    return { stats, refused: items }
  },
  render: ({ stats, refused }) => [
    h('h1', {}, translate('ingestion')),
    factList(
      (Object.entries(stats) as [keyof ApiStats & TextKey, unknown][]).map(([name, value]) => [
        translate(name),
        name === 'warnings' ? formatWarnings(stats) : formatStat(name, value),
        `stat-${name}`,
      ]),
    ),
    h('h2', {}, translate('refused')),
    h('p', { class: 'quiet' }, translate('refusedHelp')),
    refusedTable(refused),
  ],
}

function formatWarnings({ warnings }: ApiStats): Child {
  return warnings.length === 0 ? translate('nothing') : warningList(warnings)
}

function formatStat(name: keyof ApiStats, value: unknown): Child {
  if (name === 'last_callback_at' && value === null) return translate('noCallback')
  if (value === null) return '–'
  if (name === 'last_callback_at' || name === 'last_sweep_at') return time(String(value))
  if (name === 'last_sweep_ok') return badge(translate(value === true ? 'yes' : 'no'), value === true ? 'good' : 'bad')
  if (name === 'reconciliation')
    return badge(translate(value === 'on' ? 'on' : 'off'), value === 'on' ? 'good' : 'warn')
  if (name === 'dead_letters' && Number(value) > 0) return badge(String(value), 'bad', translate('deadLettersHelp'))
  return String(value)
}
