import { describe, expect, it } from 'vitest'
import { type CheckedRun, checkRun } from '../../chaos/check.ts'
import type { SentCallback } from '../../chaos/check-log.ts'
import type { ReceivedRoomEvent } from '../../chaos/check-room-events.ts'
import { modelInstallation } from '../../chaos/model/installation.ts'
import type { LoggedEvent } from '../../chaos/model/logged-event.ts'

const start = Date.UTC(2026, 0, 15, 1)

function logged(seconds: number, params: Record<string, string>): LoggedEvent {
  const { event = '', trace_id = '' } = params
  return { trace_id, event, received_at: new Date(start + seconds * 1000).toISOString(), source: 'callback', params }
}

const ports = [{ type: 'tcp', port: 8088 }]
const warning = { event_type: 'check_port', box_code: 'B', options: JSON.stringify(ports) }
const log = [
  logged(0, { event: 'open', trace_id: 'opened', room_id: 'R' }),
  logged(1, { event: 'join', trace_id: 'joined', room_id: 'R', user_id: '1', endpoint_type: 'web' }),
  logged(2, { event: 'join', trace_id: 'joined too', room_id: 'R', user_id: '2', endpoint_type: 'ios' }),
  logged(9, { event: 'leave', trace_id: 'left', room_id: 'R', user_id: '2', event_type: 'normal' }),
  logged(10, { event: 'start_record', trace_id: 'started', room_id: 'R', event_type: 'success', exporter_id: 'E' }),
  logged(60, { event: 'close', trace_id: 'closed', room_id: 'R', event_type: 'user' }),
  logged(70, { event: 'warning_notify', trace_id: 'warned', ...warning }),
]

function answered(params: Readonly<Record<string, string>>, status: number, isGenuine = true): SentCallback {
  return { params: { ...params, check_code: '0' }, isGenuine, status }
}

/** The message about the end of a session of the room. */
function endOf(user_id: string, left_at: string, event: LoggedEvent, name: string): ReceivedRoomEvent {
  const joined_at = new Date(start + Number(user_id) * 1000).toISOString()
  const leave_reason = name === 'leave' ? 'normal' : 'room_closed'
  const params = { event: name, room_id: 'R', user_id }
  return {
    ...event,
    event: name,
    params,
    id: `${name} ${user_id}`,
    session: { user_id, joined_at, left_at, leave_reason },
  }
}

const find = (traceId: string) => log.find(({ trace_id }) => trace_id === traceId) ?? logged(0, {})
const left = find('left')
const closed = find('closed')
const warned = find('warned')

/** A run without a mistake. */
const correct: CheckedRun = {
  callbacks: [
    ...log.map(({ params }) => answered(params, 200)),
    answered({ event: 'open', trace_id: 'forged', room_id: 'R' }, 401, false),
    answered({ event: 'open', trace_id: 'refused', room_id: 'R' }, 503),
  ],
  log,
  shown: modelInstallation(log).shown,
  roomEvents: [
    ...log.filter((event) => event !== left).map((event) => ({ ...event, id: event.trace_id })),
    endOf('2', left.received_at, left, 'leave'),
    endOf('1', closed.received_at, closed, 'session_ended'),
  ],
  alerts: [{ kind: 'port_check', box_code: 'B', ports, received_at: warned.received_at }],
  countedAsApplied: log.length,
}

describe('checkRun', () => {
  it('finds nothing wrong with a correct run', () => {
    expect(checkRun(correct)).toEqual([])
  })

  it('accepts that an event is in the log whose response was a 503', () => {
    const event = logged(80, { event: 'open', trace_id: 'unclear', room_id: 'Q' })
    const run = {
      ...correct,
      callbacks: [...correct.callbacks, answered(event.params, 503)],
      log: [...log, event],
      shown: modelInstallation([...log, event]).shown,
      roomEvents: [...correct.roomEvents, { ...event, id: 'unclear' }],
      countedAsApplied: log.length + 1,
    }
    expect(checkRun(run)).toEqual([])
  })

  it('finds an acknowledged event that is lost', () => {
    const run = {
      ...correct,
      log: log.slice(1),
      shown: modelInstallation(log.slice(1)).shown,
      countedAsApplied: log.length - 1,
    }
    expect(checkRun(run)).toContain('acknowledged events are not in the log: opened')
  })

  it('finds an event that is in the log twice', () => {
    expect(checkRun({ ...correct, log: [...log, left] })).toContain('events are in the log more than once: left')
  })

  it('finds a refused event that is in the log', () => {
    const forged = logged(80, { event: 'open', trace_id: 'forged', room_id: 'R' })
    expect(checkRun({ ...correct, log: [...log, forged] })).toContain(
      'events are in the log although they were refused, forged or never sent: forged',
    )
  })

  it('finds an event that is not logged as it was sent', () => {
    const changed = log.map((event) =>
      event === left ? { ...left, params: { ...left.params, event_type: 'offline' } } : event,
    )
    expect(checkRun({ ...correct, log: changed })).toContain('events are not in the log as they were sent: left')
  })

  it('finds an event in the quarantine', () => {
    const quarantined = log.map((event) => (event === left ? { ...left, quarantined: 'conflict' } : event))
    expect(checkRun({ ...correct, log: quarantined })).toContain('events are in the quarantine: left')
  })

  it.each([
    ['rooms', { reopened: 1 }, 'room R is'],
    ['participants', { status: 'in_room' }, 'participant R 1 is'],
    ['sessions', { leave_reason: 'offline' }, 'session R 1 2026-01-15T01:00:01.000Z is'],
    ['recordings', { status: 'stopped' }, 'recording R E is'],
    ['boxes', { alerts_suppressed: 1 }, 'media server B is'],
  ] as const)('finds a wrong row in %s', (list, change, mistake) => {
    const [first, ...others] = correct.shown[list]
    const shown = { ...correct.shown, [list]: [{ ...first, ...change }, ...others] }
    expect(checkRun({ ...correct, shown })).toEqual([expect.stringContaining(mistake)])
  })

  it('finds a session that is missing, and one that is there twice', () => {
    const [first, second] = correct.shown.sessions
    const shown = { ...correct.shown, sessions: [first, first].filter((session) => session !== undefined) }
    expect(second).toBeDefined()
    expect(checkRun({ ...correct, shown }).length).toBe(2)
  })

  it('finds an event that was not published', () => {
    const roomEvents = correct.roomEvents.filter(({ trace_id }) => trace_id !== 'opened')
    expect(checkRun({ ...correct, roomEvents })).toEqual(['events were not published: open opened R'])
  })

  it('finds the end of a session by a close that was not published', () => {
    const roomEvents = correct.roomEvents.filter(({ event }) => event !== 'session_ended')
    expect(checkRun({ ...correct, roomEvents })).toEqual([
      'ends of sessions were not published: 1 in R from 2026-01-15T01:00:01.000Z to 2026-01-15T01:01:00.000Z (room_closed)',
    ])
  })

  it('finds a published event that is not in the log', () => {
    const forged = { ...logged(80, { event: 'open', trace_id: 'forged', room_id: 'R' }), id: 'forged' }
    expect(checkRun({ ...correct, roomEvents: [...correct.roomEvents, forged] })).toEqual([
      'events were published that are not in the log: forged',
    ])
  })

  it('finds an id that two events share, and an event with two ids', () => {
    const shared = correct.roomEvents.map((message) =>
      message.id === 'joined' ? { ...message, id: 'opened' } : message,
    )
    expect(checkRun({ ...correct, roomEvents: shared })).toEqual(['ids belong to several events: opened'])
    const [first] = correct.roomEvents
    const twice = [...correct.roomEvents, ...(first ? [{ ...first, id: 'another' }] : [])]
    expect(checkRun({ ...correct, roomEvents: twice })).toEqual(['events have several ids: open opened R'])
  })

  it('finds an alert that was not sent', () => {
    expect(checkRun({ ...correct, alerts: [] })).toEqual(['alerts were not sent: B warned'])
  })

  it('accepts the alert of another warning about the same ports within the window', () => {
    const [alert] = correct.alerts
    const alerts = [{ kind: 'port_check', ...alert, received_at: new Date(start + 360_000).toISOString() }]
    expect(checkRun({ ...correct, alerts })).toEqual([])
  })

  it('finds events that are counted twice', () => {
    expect(checkRun({ ...correct, countedAsApplied: log.length + 1 })).toEqual([
      '8 events are counted as applied instead of 7',
    ])
  })
})
