import type { ApiParticipant, ApiRecording, ApiSession } from './api-types.ts'
import { badge, estimatedBadge, roomLink, table, time, userLink } from './components.ts'
import { type Child, h } from './dom.ts'
import { type TextKey, translate, translateIfKnown } from './words.ts'

export function participantTable(participants: readonly ApiParticipant[]): HTMLElement {
  const presentFirst = participants.toSorted((a, b) => a.status.localeCompare(b.status))
  return table(
    translate('people'),
    ['name', 'user', 'status', 'joined', 'leftAt', 'endpoint', 'sends', 'reconnects'],
    presentFirst.map((participant) => ({
      key: participant.user_id,
      cells: [
        participant.user_name ?? '–',
        userLink(participant.user_id),
        h(
          'span',
          {},
          translate(participant.status),
          participant.leave_reason !== null && ` (${participant.leave_reason})`,
          ' ',
          estimatedBadge(participant.estimated),
        ),
        time(participant.joined_at),
        time(participant.left_at),
        participant.endpoint_type ?? '–',
        formatStreams(participant.streams),
        participant.reconnects,
      ],
    })),
  )
}

function formatStreams(streams: ApiParticipant['streams']): string {
  const texts = streams.map(({ stream_type, resolution }) =>
    [translateStreamType(stream_type), resolution].filter(Boolean).join(' '),
  )
  return texts.join(', ') || '–'
}

function translateStreamType(type: string): string {
  const known: Readonly<Record<string, TextKey>> = { audio: 'microphone', video: 'camera', desktop: 'desktop' }
  const key = known[type]
  return key === undefined ? type : translate(key)
}

/** @param acrossRooms whether the sessions are of several rooms, so that the table needs a column for the room. */
export function attendance(
  sessions: readonly ApiSession[],
  { truncated, acrossRooms }: { readonly truncated: boolean; readonly acrossRooms: boolean },
): Child[] {
  return [
    h(
      'div',
      { class: 'with-button' },
      h('h2', {}, translate('attendance')),
      h('button', { type: 'button', id: 'csv', 'data-action': 'csv' }, translate('download')),
    ),
    truncated && h('p', { class: 'quiet' }, translate('more')),
    table(
      translate('attendance'),
      [
        ...(acrossRooms ? (['room'] as const) : []),
        'name',
        'user',
        'joined',
        'leftAt',
        'seconds',
        'reason',
        'endpoint',
        'reconnects',
        'status',
      ],
      sessions.map((session) => ({
        key: `${session.room_id} ${session.user_id} ${session.joined_at}`,
        cells: [
          ...(acrossRooms ? [roomLink(session.room_id)] : []),
          session.user_name ?? '–',
          userLink(session.user_id),
          time(session.joined_at),
          time(session.left_at),
          session.seconds ?? '–',
          session.leave_reason ?? '–',
          session.endpoint_type ?? '–',
          session.reconnects,
          h(
            'span',
            {},
            translate(session.left_at === null ? 'in_room' : 'left'),
            ' ',
            estimatedBadge(session.estimated),
          ),
        ],
      })),
    ),
  ]
}

export function recordingTable(recordings: readonly ApiRecording[], { acrossRooms = false } = {}): HTMLElement {
  return table(
    translate('recordings'),
    [...(acrossRooms ? (['room'] as const) : []), 'exporter', 'status', 'started', 'stopped', 'ready', 'files'],
    recordings.map((recording) => ({
      key: `${recording.room_id} ${recording.exporter_id} ${recording.started_at}`,
      cells: [
        ...(acrossRooms ? [roomLink(recording.room_id)] : []),
        [recording.exporter_type, recording.exporter_id].filter((part) => part !== null).join(' ') || '–',
        h('span', {}, statusBadge(recording.status), recording.reason !== null && ` ${recording.reason}`),
        time(recording.started_at),
        time(recording.stopped_at),
        time(recording.ready_at),
        formatFiles(recording),
      ],
    })),
  )
}

function statusBadge(status: ApiRecording['status']): HTMLElement {
  const kinds = { recording: 'good', stuck: 'bad', stopped: 'plain', ready: 'good', failed: 'bad' } as const
  return badge(translateRecordingStatus(status), kinds[status], status === 'stuck' ? translate('stuckHelp') : undefined)
}

export function translateRecordingStatus(status: string): string {
  return status === 'failed' ? translate('failedRecording') : translateIfKnown(status)
}

/** Shows the files as the platform sent them: their format is not specified. */
function formatFiles({ files, files_truncated }: ApiRecording): Child {
  if (files === null || files === undefined) return '–'
  return h('code', {}, typeof files === 'string' ? files : JSON.stringify(files), files_truncated && ' …')
}
