import { describe, expect, it } from 'vitest'
import { type CallbackParameters, LoadTraffic, type LoadTrafficOptions } from '../../src/index.ts'

const options: LoadTrafficOptions = { seed: 7, maxRooms: 3, maxUsers: 4, sendsWarnings: false }

function take(traffic: LoadTraffic, count: number): CallbackParameters[] {
  return Array.from({ length: count }, () => traffic.next())
}

/** Without what differs in each run. */
function strip(callbacks: readonly CallbackParameters[]) {
  return callbacks.map(({ trace_id, start_time, stop_time, ...others }) => others)
}

describe('LoadTraffic', () => {
  it('repeats its callbacks for the same seed, with other trace_ids', () => {
    const first = take(new LoadTraffic(options), 500)
    const second = take(new LoadTraffic(options), 500)
    expect(strip(second)).toEqual(strip(first))
    expect(strip(take(new LoadTraffic({ ...options, seed: 8 }), 500))).not.toEqual(strip(first))
    expect(new Set([...first, ...second].map(({ trace_id }) => trace_id)).size).toBe(1000)
  })

  it('stays within its rooms and users', () => {
    const traffic = new LoadTraffic(options)
    const rooms = new Map<string, Set<string>>()
    let maxRooms = 0
    let maxUsers = 0
    for (const { event, room_id = '', user_id = '' } of take(traffic, 2000)) {
      if (event === 'open') rooms.set(room_id, new Set())
      if (event === 'close') rooms.delete(room_id)
      if (event === 'join') rooms.get(room_id)?.add(user_id)
      if (event === 'leave') rooms.get(room_id)?.delete(user_id)
      maxRooms = Math.max(maxRooms, rooms.size)
      maxUsers = Math.max(maxUsers, ...[...rooms.values()].map((users) => users.size))
    }
    expect({ maxRooms, maxUsers }).toEqual({ maxRooms: 3, maxUsers: 4 })
  })

  it('sends warnings only if it is asked to', () => {
    const hasWarnings = (sendsWarnings: boolean) =>
      take(new LoadTraffic({ ...options, sendsWarnings }), 3000).some(({ event }) => event === 'warning_notify')
    expect([hasWarnings(false), hasWarnings(true)]).toEqual([false, true])
  })

  it('closes every room and ends every recording when it finishes', () => {
    const traffic = new LoadTraffic(options)
    const callbacks = [...take(traffic, 600), ...traffic.finish()]
    const count = (name: string) => callbacks.filter(({ event }) => event === name).length
    expect(count('close')).toBe(count('open'))
    const started = callbacks.filter(({ event, event_type }) => event === 'start_record' && event_type === 'success')
    expect(started.length).toBeGreaterThan(0)
    expect(count('record_transcoding_completion')).toBe(started.length)
  })

  it('opens rooms again after a crash', () => {
    const traffic = new LoadTraffic(options)
    const before = take(traffic, 100).filter(({ event }) => event === 'open')
    traffic.crash()
    const again = take(traffic, 100).filter(({ event }) => event === 'open')
    expect(again.some(({ room_id }) => before.some((open) => open.room_id === room_id))).toBe(true)
  })
})
