import { describe, expect, it } from 'vitest'
import type { NorthboundEvent, Port } from '../../../../core/protocol/events.ts'
import { isQuiet } from '../../../../core/state/warning-episode.ts'
import { alertWindowMs, boxAfter, eventAt } from './states.ts'

const tcp = { type: 'tcp', port: 8088 }
const websocket = { type: 'websocket', port: 7630 }
const portWarningAt = (ms: number, ports: readonly Port[] | string, box_code = 'B') =>
  eventAt(ms, 'warning_notify', {
    event_type: 'check_port',
    box_code,
    options: typeof ports === 'string' ? ports : JSON.stringify(ports),
  })
const alertCounts = (...events: NorthboundEvent[]) => {
  const state = boxAfter(...events)
  return [state?.alerts_sent, state?.alerts_suppressed]
}

describe('evolveBox', () => {
  it('records the last warning, and every reported port with the time it was last reported', () => {
    expect(boxAfter(portWarningAt(10, [tcp]), portWarningAt(20, [websocket]), portWarningAt(30, [tcp]))).toMatchObject({
      last_warning_at: 30,
      ports: [
        { ...tcp, last_seen_at: 30 },
        { ...websocket, last_seen_at: 20 },
      ],
    })
  })

  it('begins another episode after ten quiet minutes if three alert windows are shorter, of the media server and of each port', () => {
    const quietAt = 20 + 600_000
    const warnings = [portWarningAt(10, [tcp]), portWarningAt(20, [tcp, websocket])]
    expect(boxAfter(...warnings, portWarningAt(quietAt - 1, [tcp]), portWarningAt(quietAt, [websocket]))).toMatchObject(
      {
        first_warning_at: 10,
        ports: [
          { ...tcp, first_seen_at: 10 },
          { ...websocket, first_seen_at: quietAt },
        ],
      },
    )
    expect(boxAfter(...warnings, portWarningAt(quietAt, [tcp]))).toMatchObject({
      first_warning_at: quietAt,
      ports: [
        { ...tcp, first_seen_at: quietAt },
        { ...websocket, first_seen_at: 20, last_seen_at: 20 },
      ],
    })
  })

  it('alerts once per window about the same ports, and counts the suppressed warnings', () => {
    expect(alertCounts(portWarningAt(10, [tcp]))).toEqual([1, 0])
    expect(alertCounts(portWarningAt(10, [tcp]), portWarningAt(11, [tcp]), portWarningAt(12, [tcp]))).toEqual([1, 2])
  })

  it('starts the window at the last alert, not at the last warning', () => {
    const end = 10 + alertWindowMs
    expect(alertCounts(portWarningAt(10, [tcp]), portWarningAt(end - 1, [tcp]))).toEqual([1, 1])
    expect(alertCounts(portWarningAt(10, [tcp]), portWarningAt(end, [tcp]))).toEqual([2, 0])
    expect(alertCounts(portWarningAt(10, [tcp]), portWarningAt(end - 1, [tcp]), portWarningAt(end, [tcp]))).toEqual([
      2, 1,
    ])
    expect(alertCounts(portWarningAt(10, [tcp]), portWarningAt(end, [tcp]), portWarningAt(end + 1, [tcp]))).toEqual([
      2, 1,
    ])
  })

  it('alerts at once about other ports', () => {
    expect(
      alertCounts(portWarningAt(10, [tcp]), portWarningAt(11, [websocket]), portWarningAt(12, [tcp, websocket])),
    ).toEqual([3, 0])
    expect(alertCounts(portWarningAt(10, [tcp]), portWarningAt(11, [{ ...tcp, type: 'udp' }]))).toEqual([2, 0])
    expect(alertCounts(portWarningAt(10, [tcp]), portWarningAt(11, [websocket]), portWarningAt(12, [tcp]))).toEqual([
      2, 1,
    ])
  })

  it('identifies a set of ports regardless of order and repetition', () => {
    expect(alertCounts(portWarningAt(10, [tcp, websocket]), portWarningAt(11, [websocket, tcp]))).toEqual([1, 1])
    expect(alertCounts(portWarningAt(10, [tcp]), portWarningAt(11, [tcp, tcp]))).toEqual([1, 1])
  })

  it('alerts without ports if the options cannot be parsed', () => {
    expect(boxAfter(portWarningAt(10, 'not JSON'))).toMatchObject({ last_warning_at: 10, ports: [], alerts_sent: 1 })
    expect(alertCounts(portWarningAt(10, 'not JSON'), portWarningAt(11, ''))).toEqual([1, 1])
  })

  it('stores 500 ports of one warning', () => {
    const ports = Array.from({ length: 500 }, (_, index) => ({ type: 'tcp', port: 1000 + index }))
    expect(boxAfter(portWarningAt(10, ports))?.ports).toEqual(
      ports.map((port) => ({ ...port, first_seen_at: 10, last_seen_at: 10 })),
    )
  })

  it('stores 500 ports, and drops those reported longest ago', () => {
    const sets = Array.from({ length: 300 }, (_, round) =>
      portWarningAt(
        round,
        Array.from({ length: 100 }, (_, index) => ({ type: 'tcp', port: round * 100 + index })),
      ),
    )
    const state = boxAfter(...sets)
    expect(state?.ports).toHaveLength(500)
    expect(state?.ports.at(-1)).toEqual({ type: 'tcp', port: 29_999, first_seen_at: 299, last_seen_at: 299 })
  })

  it('suppresses a repeated warning after 2,900 warnings about other ports', () => {
    const others = Array.from({ length: 2900 }, (_, index) => portWarningAt(20, [{ type: 'tcp', port: index }]))
    expect(alertCounts(portWarningAt(10, [tcp]), ...others, portWarningAt(100, [tcp]))).toEqual([2901, 1])
  })

  it('alerts about each kind of warning separately', () => {
    const disk = eventAt(11, 'warning_notify', {
      event_type: 'check_disk',
      box_code: 'B',
      options: JSON.stringify([tcp]),
    })
    expect(alertCounts(portWarningAt(10, [tcp]), disk)).toEqual([2, 0])
  })

  it('counts the warnings about a set of ports across windows', () => {
    const { alerts } =
      boxAfter(portWarningAt(10, [tcp]), portWarningAt(11, [tcp]), portWarningAt(20 + alertWindowMs, [tcp])) ?? {}
    expect(alerts).toEqual([{ set: expect.any(Number), sent_at: 20 + alertWindowMs, warnings: 3 }])
  })

  it('ignores warnings of other media servers', () => {
    expect(alertCounts(portWarningAt(10, [tcp]), portWarningAt(11, [tcp], 'C'))).toEqual([1, 0])
  })
})

describe('isQuiet', () => {
  it.each([
    [10, 30],
    [0, 10],
    [3, 10],
    [1440, 4320],
  ])('holds with an alert window of %i minutes after %i minutes', (windowMinutes, quietMinutes) => {
    const rules = { alertWindowMs: windowMinutes * 60_000 }
    expect(isQuiet(5, 5 + quietMinutes * 60_000, rules)).toBe(true)
    expect(isQuiet(5, 4 + quietMinutes * 60_000, rules)).toBe(false)
  })
})
