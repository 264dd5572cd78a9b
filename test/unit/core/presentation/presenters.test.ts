import { describe, expect, it } from 'vitest'
import type { Meeting } from '../../../../core/meetings/meetings.ts'
import type { SessionRow } from '../../../../core/ports/session-reader.ts'
import { presentMeeting } from '../../../../core/presentation/meeting-presenter.ts'
import { presentRecording } from '../../../../core/presentation/recording-presenter.ts'
import { presentSession, presentUserSession } from '../../../../core/presentation/session-presenter.ts'
import type { Recording } from '../../../../core/state/recording.ts'

describe('presentSession', () => {
  const session = { joined_at: 1000, start_estimated: false, endpoint_type: 'web', reconnects: 2 }
  const rowOf = (change: Partial<SessionRow['session']>): SessionRow => ({
    room_id: 'R',
    user_id: 'U',
    user_name: 'Ann',
    session: { ...session, end: { at: 3600, reason: 'normal', estimated: false }, ...change },
  })

  it('shows a session that has ended', () => {
    expect(presentSession(rowOf({}))).toEqual({
      user_id: 'U',
      user_name: 'Ann',
      joined_at: '1970-01-01T00:00:01.000Z',
      left_at: '1970-01-01T00:00:03.600Z',
      seconds: 3,
      leave_reason: 'normal',
      endpoint_type: 'web',
      reconnects: 2,
      estimated: false,
    })
  })

  it('shows a session that goes on, with its room for the list of a user', () => {
    expect(presentUserSession(rowOf({ end: null }))).toMatchObject({
      room_id: 'R',
      left_at: null,
      seconds: null,
      leave_reason: null,
      estimated: false,
    })
  })

  it.each([
    ['start', { start_estimated: true, end: null }],
    ['end', { end: { at: 3600, reason: 'reconciled', estimated: true } }],
  ])('says that the %s is estimated', (_, change) => {
    expect(presentSession(rowOf(change)).estimated).toBe(true)
  })

  it('shows no negative duration', () => {
    expect(presentSession(rowOf({ end: { at: 0, reason: 'normal', estimated: false } })).seconds).toBe(0)
  })
})

describe('presentMeeting', () => {
  const meeting: Meeting = {
    opened_at: 1000,
    closed_at: 3000,
    close_reason: 'auto',
    opening_estimated: false,
    closing_estimated: false,
    people: 1,
    peak: 1,
    personMs: 1000,
  }

  it.each([
    [{}, false],
    [{ opening_estimated: true }, true],
    [{ closing_estimated: true }, true],
  ])('with %j is estimated: %s', (change, estimated) => {
    expect(presentMeeting('R', { ...meeting, ...change }, 0).estimated).toBe(estimated)
  })
})

describe('presentRecording', () => {
  const recording: Recording = {
    exporter_id: 'E',
    exporter_type: null,
    status: 'recording',
    start_time: null,
    start_instant: null,
    stop_time: null,
    started_seen_at: null,
    stopped_seen_at: null,
    ready_at: null,
    files: null,
    reason: null,
    first_event_at: 5000,
    last_event_at: 5000,
  }
  const present = (change: Partial<Recording>, roomClosedAt: number | null = null, now = 0) =>
    presentRecording({ room_id: 'R', recording: { ...recording, ...change } }, roomClosedAt, { timeZone: 'UTC', now })

  it.each([
    ['a failed start', { status: 'failed' }, '1970-01-01T00:00:05.000Z'],
    ['a recording whose start is not known', {}, null],
    ['a failed recording with a start that cannot be read', { status: 'failed', start_time: 'noon' }, null],
  ] as const)('shows the time of the first event only as the start of %s', (_, change, started_at) => {
    expect(present(change)).toMatchObject({ started_at })
  })

  it('has no files if the platform has sent none', () => {
    expect(present({})).toMatchObject({ files: null, file_list: [] })
    expect(present({ files: 'null' })).toMatchObject({ files: null })
  })

  it('shows files that are nested too deeply to be written again as they were sent', () => {
    const files = `${'['.repeat(4000)}${']'.repeat(4000)}`
    expect(JSON.stringify(present({ files }))).toContain(files.slice(0, 100))
  })

  it('is stuck if it still goes on more than an hour after the room has closed', () => {
    const hour = 3_600_000
    expect(present({}, 0, hour).status).toBe('recording')
    expect(present({}, 0, hour + 1).status).toBe('stuck')
    expect(present({ status: 'stopped' }, 0, hour + 1).status).toBe('stopped')
    expect(present({}, null, hour + 1).status).toBe('recording')
  })
})
