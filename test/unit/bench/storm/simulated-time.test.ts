import { describe, expect, it } from 'vitest'
import { mapTasks, SimulatedTime, type Task } from '../../../../bench/storm/simulated-time.ts'

/** Runs a task from 0 ms. @returns when it ended. */
function runTask(create: (time: SimulatedTime) => Task): number | undefined {
  const time = new SimulatedTime()
  let endedAtMs: number | undefined
  time.schedule(0, () => {
    time.start(create(time), () => {
      endedAtMs = time.nowMs
    })
  })
  time.run()
  return endedAtMs
}

function* wait(ms: number): Task {
  yield ms
}

describe('SimulatedTime', () => {
  it('runs steps in the order of their times', () => {
    const time = new SimulatedTime()
    const order: number[] = []
    for (const atMs of [30, -10, 20]) time.schedule(atMs, () => order.push(time.nowMs))
    time.run()
    expect(order).toEqual([-10, 20, 30])
  })

  it('continues a task after the time that it waits for', () => {
    expect(
      runTask(function* () {
        yield 10
        yield* wait(5)
      }),
    ).toBe(15)
  })

  it('continues a task when the last of its parallel tasks has ended', () => {
    expect(
      runTask(function* () {
        yield [wait(10), wait(30), wait(20)]
        yield []
        yield 1
      }),
    ).toBe(31)
  })
})

describe('mapTasks', () => {
  it('processes as many items at once as the concurrency allows', () => {
    expect(runTask(() => mapTasks([10, 10, 10, 10, 10], 2, wait))).toBe(30)
    expect(runTask(() => mapTasks([10, 10], 16, wait))).toBe(10)
  })
})
