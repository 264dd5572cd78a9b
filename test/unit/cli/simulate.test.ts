import { SeededRandom } from '@northbound/avd-simulator'
import { describe, expect, it } from 'vitest'
import { listParameterWarnings } from '../../../cli/parameter-warnings.ts'
import { faults, planDelivery, spoilSignature } from '../../../cli/simulate/faults.ts'
import { type Clock, runOpenLoop } from '../../../cli/simulate/open-loop.ts'
import { OpenRooms } from '../../../cli/simulate/open-rooms.ts'
import { runCommand } from '../../support/cli.ts'

/** A clock that moves only during a wait, or by `work`. */
function createClock() {
  let now = 5_000
  const clock: Clock = {
    now: () => now,
    async sleep(ms) {
      now += ms
    },
  }
  const work = (ms: number) => {
    now += ms
  }
  return { clock, work }
}

const signal = new AbortController().signal
const waitForRoom = () => undefined

describe('an open loop', () => {
  it('begins events at a fixed rate', async () => {
    const { clock } = createClock()
    const dueAt: number[] = []
    await runOpenLoop({ rate: 4, durationMs: 2_000, signal, waitForRoom, clock }, (at) => void dueAt.push(at - 5_000))
    expect(dueAt).toEqual([0, 250, 500, 750, 1_000, 1_250, 1_500, 1_750])
  })

  it('catches up after a delay, and counts events from the time at which they were due', async () => {
    const { clock, work } = createClock()
    const delays: number[] = []
    await runOpenLoop({ rate: 10, durationMs: 1_000, signal, waitForRoom, clock }, (dueAt) => {
      delays.push(Math.round(clock.now() - dueAt))
      if (delays.length === 2) work(250)
    })
    expect(delays).toEqual([0, 0, 150, 50, 0, 0, 0, 0, 0, 0])
  })

  it('ends after the duration even if it could not keep the rate', async () => {
    const { clock, work } = createClock()
    let count = 0
    const elapsedMs = await runOpenLoop({ rate: 100, durationMs: 1_000, signal, waitForRoom, clock }, () => {
      count += 1
      work(100)
    })
    expect({ count, elapsedMs }).toEqual({ count: 11, elapsedMs: 1_100 })
  })

  it('ends when the signal aborts', async () => {
    const { clock } = createClock()
    const stop = new AbortController()
    let count = 0
    await runOpenLoop({ rate: 10, durationMs: 60_000, signal: stop.signal, waitForRoom, clock }, () => {
      count += 1
      if (count === 3) stop.abort()
    })
    expect(count).toBe(3)
  })
})

describe('faults', () => {
  function plan(enabled: ReadonlySet<(typeof faults)[number]>) {
    const random = new SeededRandom(1)
    return Array.from({ length: 2_000 }, () => planDelivery(random, enabled))
  }

  it('concern a few callbacks each, the same ones for the same seed', () => {
    const plans = plan(new Set(faults))
    const shareOf = (fault: string) => plans.filter((one) => one.fault === fault).length / plans.length
    for (const [fault, share] of [
      ['duplicate', 0.05],
      ['reorder', 0.05],
      ['drop', 0.02],
      ['bad-signature', 0.05],
    ] as const)
      expect(Math.abs(shareOf(fault) - share)).toBeLessThan(0.02)
    expect(plan(new Set(faults))).toEqual(plans)
  })

  it('do not depend on which others are enabled', () => {
    const all = plan(new Set(faults)).map(({ fault }) => fault === 'drop')
    expect(plan(new Set(['drop'])).map(({ fault }) => fault === 'drop')).toEqual(all)
    expect(plan(new Set()).every(({ fault, requests }) => fault === undefined && requests.length === 1)).toBe(true)
  })

  it('spoil a signature', () => {
    expect(spoilSignature({ check_code: '0ab' })).toEqual({ check_code: '1ab' })
    expect(spoilSignature({ check_code: 'fab' })).toEqual({ check_code: '0ab' })
  })

  it.each([
    [['--faults', 'fire'], 'not "fire"'],
    [['--faults', 'bad-signature'], 'needs a key'],
    [['--rate', '0'], '--rate must be a number from 0.1'],
    [['--rooms', '1.5'], '--rooms must be a whole number'],
    [['--url', 'https://example.com/x'], 'add --yes'],
  ])('and options that are wrong (%j) send nothing', async (argv, reason) => {
    const { exitCode, stderr, stdout } = await runCommand(['simulate', ...argv])
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain(reason)
  })
})

describe('open rooms', () => {
  it('are those with an event since their close', () => {
    const rooms = new OpenRooms()
    for (const callback of [
      { event: 'open', room_id: '1' },
      { event: 'open', room_id: '2' },
      { event: 'close', room_id: '1' },
      { event: 'stop_record', room_id: '1' },
      { event: 'close', room_id: '2' },
      { event: 'join', room_id: '2', user_id: '7' },
      { event: 'warning_notify', box_code: 'b' },
    ])
      rooms.acknowledge(callback)
    expect(rooms.ids).toEqual(['2'])
    expect(rooms.openedCount).toBe(2)
  })
})

describe('warnings about parameters', () => {
  it.each([
    [{ event: 'open', trace_id: '1', room_id: '1' }, []],
    [{ event: 'leave', trace_id: '1', room_id: '1', user_id: '2', event_type: 'clientkick' }, []],
    [{ event: 'leave', room_id: '1', user_id: '2', event_type: 'gone' }, ['trace_id', '"gone"']],
    [{ event: 'constructor', trace_id: '1' }, ['no event "constructor"']],
    [{ event: 'open', trace_id: '1', room_id: '', roomid: '1' }, ['room_id', '"roomid"']],
  ])('of %j name %j', (parameters, expected) => {
    const warnings = listParameterWarnings(parameters).map(({ en }) => en)
    expect(warnings).toHaveLength(expected.length)
    for (const [index, text] of expected.entries()) expect(warnings[index]).toContain(text)
  })
})
