import { describe, expect, it } from 'vitest'
import {
  type CallbackParameters,
  DemoTraffic,
  type DropRule,
  SeededRandom,
  type SimulatedAvd,
} from '../../src/index.ts'
import { startAvd } from './start-avd.ts'

/** Half an hour of the demo. */
const ticks = 6000

interface RecordedTraffic {
  readonly avd: SimulatedAvd
  readonly traffic: DemoTraffic
  readonly events: CallbackParameters[]
  /** How often the traffic dropped a callback. */
  readonly drops: number
}

/** Runs the traffic and records its callbacks instead of sending them. */
async function recordTraffic(
  seed: number,
  onTick: (roomSizes: readonly number[]) => void = () => {},
): Promise<RecordedTraffic> {
  const avd = await startAvd()
  const events: CallbackParameters[] = []
  let drops = 0
  const record: DropRule = (params) => {
    events.push({ ...params })
    return true
  }
  const setDropRule = avd.dropCallbacks.bind(avd)
  avd.dropCallbacks = (rule) => {
    if (rule !== 0) drops += 1
    setDropRule(record)
  }
  setDropRule(record)
  const traffic = new DemoTraffic(avd, new SeededRandom(seed))
  for (let tick = 0; tick < ticks; tick += 1) {
    await traffic.tick()
    onTick(avd.rooms.map(({ users }) => users.length))
  }
  return { avd, traffic, events, drops }
}

describe('DemoTraffic', () => {
  it('produces every kind of event in up to six rooms with up to twelve users', async () => {
    let maxRooms = 0
    let maxUsers = 0
    const { events, drops } = await recordTraffic(1, (roomSizes) => {
      maxRooms = Math.max(maxRooms, roomSizes.length)
      maxUsers = Math.max(maxUsers, ...roomSizes)
    })
    expect(maxRooms).toBe(6)
    expect(maxUsers).toBe(12)
    const kinds = new Set(events.map(({ event, event_type }) => [event, event_type].filter(Boolean).join(' ')))
    for (const kind of [
      ...['open', 'close user', 'close auto', 'join normal', 'publish', 'unpublish', 'sub', 'unsub', 'update userInfo'],
      ...['leave normal', 'leave offline', 'leave clientKick', 'leave serverKick', 'warning_notify check_port'],
      ...['start_record success', 'start_record faild', 'stop_record success'],
      ...['record_transcoding_completion success', 'record_transcoding_completion faild'],
    ]) {
      expect(kinds).toContain(kind)
    }
    expect(new Set(events.map(({ endpoint_type }) => endpoint_type)).size).toBeGreaterThan(8)
    const names = events.map(({ user_name }) => user_name ?? '')
    expect(names.some((name) => /^\p{Script=Han}+$/u.test(name))).toBe(true)
    expect(names.some((name) => /^\p{Script=Latin}/u.test(name))).toBe(true)
    expect(drops).toBeGreaterThan(10)
    expect(events.length).toBeLessThan(ticks * 1.1)
  })

  it('produces the same events for the same seed', async () => {
    const summarize = async (seed: number) =>
      (await recordTraffic(seed)).events.map(({ event, room_id, user_id }) => `${event} ${room_id} ${user_id}`)
    const first = await summarize(7)
    expect(await summarize(7)).toEqual(first)
    expect(await summarize(8)).not.toEqual(first)
  })

  it('continues after a crash with the clients that reconnect', async () => {
    const { avd, traffic, events } = await recordTraffic(2)
    const before = avd.rooms.flatMap(({ users }) => users.map(({ user_id }) => user_id))
    events.length = 0
    traffic.crash()
    expect(avd.rooms).toEqual([])
    for (let tick = 0; tick < 200; tick += 1) await traffic.tick()
    const joined = events.filter(({ event }) => event === 'join').map(({ user_id }) => user_id ?? '')
    const reconnected = before.filter((user) => joined.includes(user))
    expect(reconnected.length).toBeGreaterThan(before.length / 3)
    expect(reconnected.length).toBeLessThan(before.length)
  })
})
