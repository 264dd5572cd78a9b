import { describe, expect, it } from 'vitest'
import type { NorthboundEvent, Port } from '../../../../core/protocol/events.ts'
import { alertWindowMs, at, box } from './states.ts'

const tcp = { type: 'tcp', port: 8088 }
const websocket = { type: 'websocket', port: 7630 }
const warning = (ms: number, ports: readonly Port[] | string, box_code = 'B') =>
  at(ms, 'warning_notify', {
    event_type: 'check_port',
    box_code,
    options: typeof ports === 'string' ? ports : JSON.stringify(ports),
  })
const counts = (...events: NorthboundEvent[]) => {
  const state = box(...events)
  return [state?.alerts_sent, state?.alerts_suppressed]
}

describe('a box', () => {
  it('has its last warning and the ports that were warned about, each with when it was seen last', () => {
    expect(box(warning(10, [tcp]), warning(20, [websocket]), warning(30, [tcp]))).toMatchObject({
      last_warning_at: 30,
      ports: [
        { ...tcp, last_seen_at: 30 },
        { ...websocket, last_seen_at: 20 },
      ],
    })
  })

  it('alerts once in a window for the same ports, and counts what it suppressed', () => {
    expect(counts(warning(10, [tcp]))).toEqual([1, 0])
    expect(counts(warning(10, [tcp]), warning(11, [tcp]), warning(12, [tcp]))).toEqual([1, 2])
  })

  it('alerts again when the window since the last alert is over, not since the last warning', () => {
    const end = 10 + alertWindowMs
    expect(counts(warning(10, [tcp]), warning(end - 1, [tcp]))).toEqual([1, 1])
    expect(counts(warning(10, [tcp]), warning(end, [tcp]))).toEqual([2, 0])
    expect(counts(warning(10, [tcp]), warning(end - 1, [tcp]), warning(end, [tcp]))).toEqual([2, 1])
    expect(counts(warning(10, [tcp]), warning(end, [tcp]), warning(end + 1, [tcp]))).toEqual([2, 1])
  })

  it('alerts at once for other ports', () => {
    expect(counts(warning(10, [tcp]), warning(11, [websocket]), warning(12, [tcp, websocket]))).toEqual([3, 0])
    expect(counts(warning(10, [tcp]), warning(11, [{ ...tcp, type: 'udp' }]))).toEqual([2, 0])
    expect(counts(warning(10, [tcp]), warning(11, [websocket]), warning(12, [tcp]))).toEqual([2, 1])
  })

  it('takes the same ports in another order, or named twice, for the same ports', () => {
    expect(counts(warning(10, [tcp, websocket]), warning(11, [websocket, tcp]))).toEqual([1, 1])
    expect(counts(warning(10, [tcp]), warning(11, [tcp, tcp]))).toEqual([1, 1])
  })

  it('alerts, without ports, where the options cannot be read', () => {
    expect(box(warning(10, 'not JSON'))).toMatchObject({ last_warning_at: 10, ports: [], alerts_sent: 1 })
    expect(counts(warning(10, 'not JSON'), warning(11, ''))).toEqual([1, 1])
  })

  it('keeps 500 ports', () => {
    const ports = Array.from({ length: 500 }, (_, index) => ({ type: 'tcp', port: 1000 + index }))
    expect(box(warning(10, ports))?.ports).toEqual(ports.map((port) => ({ ...port, last_seen_at: 10 })))
  })

  it('does not grow for ever, and forgets first the ports that were seen longest ago', () => {
    const sets = Array.from({ length: 300 }, (_, day) =>
      warning(
        day,
        Array.from({ length: 100 }, (_, index) => ({ type: 'tcp', port: day * 100 + index })),
      ),
    )
    const state = box(...sets)
    expect(state?.ports.length).toBeLessThan(5000)
    expect(state?.ports.at(-1)).toEqual({ type: 'tcp', port: 29_999, last_seen_at: 299 })
    expect(state?.alerts.length).toBeLessThan(300)
  })

  it('alerts once in a window for the same ports, however many other sets were warned about meanwhile', () => {
    const others = Array.from({ length: 40 }, (_, index) => warning(20 + index, [{ type: 'tcp', port: index }]))
    expect(counts(warning(10, [tcp]), ...others, warning(100, [tcp]))).toEqual([41, 1])
  })

  it('alerts for each kind of warning by itself', () => {
    const disk = at(11, 'warning_notify', { event_type: 'check_disk', box_code: 'B', options: JSON.stringify([tcp]) })
    expect(counts(warning(10, [tcp]), disk)).toEqual([2, 0])
  })

  it('counts the warnings of a set of ports through all its windows', () => {
    const { alerts } = box(warning(10, [tcp]), warning(11, [tcp]), warning(20 + alertWindowMs, [tcp])) ?? {}
    expect(alerts).toEqual([{ ports: 'tcp:08088', sent_at: 20 + alertWindowMs, warnings: 3 }])
  })

  it('is told from others by its code', () => {
    expect(counts(warning(10, [tcp]), warning(11, [tcp], 'C'))).toEqual([1, 0])
  })
})
