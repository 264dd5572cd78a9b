import type { Participant, Recording, Session } from './api.ts'
import { type Child, h } from './dom.ts'
import { badge, estimatedBadge, roomLink, table, time, userLink } from './parts.ts'
import { say, sayIfKnown, type Word } from './words.ts'

export function peopleTable(participants: readonly Participant[]): HTMLElement {
  const inFirst = participants.toSorted((a, b) => a.status.localeCompare(b.status))
  return table(
    say('people'),
    ['name', 'user', 'status', 'joined', 'leftAt', 'endpoint', 'sends', 'reconnects'],
    inFirst.map((one) => ({
      key: one.user_id,
      cells: [
        one.user_name ?? '–',
        userLink(one.user_id),
        h(
          'span',
          {},
          say(one.status),
          one.leave_reason !== null && ` (${one.leave_reason})`,
          ' ',
          estimatedBadge(one.estimated),
        ),
        time(one.joined_at),
        time(one.left_at),
        one.endpoint_type ?? '–',
        one.streams
          .map(({ stream_type, resolution }) => [streamWord(stream_type), resolution].filter(Boolean).join(' '))
          .join(', ') || '–',
        one.reconnects,
      ],
    })),
  )
}

function streamWord(type: string): string {
  const known: Readonly<Record<string, Word>> = { audio: 'microphone', video: 'camera', desktop: 'desktop' }
  const word = known[type]
  return word === undefined ? type : say(word)
}

export function attendance(sessions: readonly Session[], cut: boolean, acrossRooms: boolean): Child[] {
  return [
    h(
      'div',
      { class: 'with-button' },
      h('h2', {}, say('attendance')),
      h('button', { type: 'button', id: 'csv', 'data-action': 'csv' }, say('download')),
    ),
    cut && h('p', { class: 'quiet' }, say('more')),
    table(
      say('attendance'),
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
      sessions.map((one) => ({
        key: `${one.room_id ?? ''} ${one.user_id} ${one.joined_at}`,
        cells: [
          ...(one.room_id === undefined ? [] : [roomLink(one.room_id)]),
          one.user_name ?? '–',
          userLink(one.user_id),
          time(one.joined_at),
          time(one.left_at),
          one.seconds ?? '–',
          one.leave_reason ?? '–',
          one.endpoint_type ?? '–',
          one.reconnects,
          h('span', {}, say(one.left_at === null ? 'in_room' : 'left'), ' ', estimatedBadge(one.estimated)),
        ],
      })),
    ),
  ]
}

export function recordingTable(recordings: readonly Recording[], acrossRooms = false): HTMLElement {
  return table(
    say('recordings'),
    [...(acrossRooms ? (['room'] as const) : []), 'exporter', 'status', 'started', 'stopped', 'ready', 'files'],
    recordings.map((one) => ({
      key: `${one.room_id} ${one.exporter_id} ${one.started_at}`,
      cells: [
        ...(acrossRooms ? [roomLink(one.room_id)] : []),
        [one.exporter_type, one.exporter_id].filter((part) => part !== null).join(' ') || '–',
        h('span', {}, statusBadge(one.status), one.reason !== null && ` ${one.reason}`),
        time(one.started_at),
        time(one.stopped_at),
        time(one.ready_at),
        filesText(one.files),
      ],
    })),
  )
}

function statusBadge(status: Recording['status']): HTMLElement {
  const kinds = { recording: 'good', stuck: 'bad', stopped: 'plain', ready: 'good', failed: 'bad' } as const
  return badge(statusWord(status), kinds[status], status === 'stuck' ? say('stuckHelp') : undefined)
}

export function statusWord(status: string): string {
  return status === 'failed' ? say('failedRecording') : sayIfKnown(status)
}

/** Whatever the platform says of files, as it says it. */
function filesText(files: unknown): Child {
  if (files === null || files === undefined) return '–'
  return h('code', {}, typeof files === 'string' ? files : JSON.stringify(files))
}
