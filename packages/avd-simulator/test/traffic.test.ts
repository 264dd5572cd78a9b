import { describe, expect, it, onTestFinished } from 'vitest'
import { Chance } from '../src/chance.ts'
import { startSimulatedAvd } from '../src/simulated-avd.ts'
import { Traffic } from '../src/traffic.ts'

const ticks = 6000

/** Half an hour of the demo, as the events that it would send; nothing is sent. */
async function play(seed: number, onTick: (rooms: readonly number[]) => void = () => {}) {
  const avd = await startSimulatedAvd({ accessKey: 'a', secretKey: 's' })
  onTestFinished(() => avd.stop())
  const events: Record<string, string>[] = []
  const loss = avd.loseCallbacks.bind(avd)
  let losing = 0
  avd.loseCallbacks = (wanted) => {
    losing += wanted === 0 ? 0 : 1
    loss(watch)
  }
  const watch = (params: Readonly<Record<string, string>>) => {
    events.push({ ...params })
    return true
  }
  loss(watch)
  const traffic = new Traffic(avd, new Chance(seed))
  for (let tick = 0; tick < ticks; tick += 1) {
    await traffic.tick()
    onTick(avd.world().map(({ users }) => users.length))
  }
  return { avd, traffic, events, losing }
}

describe('The traffic of the demo', () => {
  it('is some rooms with people, who do all that people do', async () => {
    let mostRooms = 0
    let mostPeople = 0
    const { events, losing } = await play(1, (rooms) => {
      mostRooms = Math.max(mostRooms, rooms.length)
      mostPeople = Math.max(mostPeople, ...rooms)
    })
    expect(mostRooms).toBe(6)
    expect(mostPeople).toBe(12)
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
    expect(losing).toBeGreaterThan(10)
    expect(events.length).toBeLessThan(ticks * 1.1)
  })

  it('is the same for the same seed', async () => {
    const course = async (seed: number) =>
      (await play(seed)).events.map(({ event, room_id, user_id }) => `${event} ${room_id} ${user_id}`)
    const first = await course(7)
    expect(await course(7)).toEqual(first)
    expect(await course(8)).not.toEqual(first)
  })

  it('goes on after a crash with those who come back', async () => {
    const { avd, traffic, events } = await play(2)
    const before = avd.world().flatMap(({ users }) => users.map(({ user_id }) => user_id))
    events.length = 0
    traffic.crash()
    expect(avd.world()).toEqual([])
    for (let tick = 0; tick < 200; tick += 1) await traffic.tick()
    const joined = events.filter(({ event }) => event === 'join').map(({ user_id }) => user_id ?? '')
    const back = before.filter((user) => joined.includes(user))
    expect(back.length).toBeGreaterThan(before.length / 3)
    expect(back.length).toBeLessThan(before.length)
  })
})
