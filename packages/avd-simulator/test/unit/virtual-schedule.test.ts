import { describe, expect, it } from 'vitest'
import { SeededRandom } from '../../src/index.ts'
import { VirtualSchedule } from '../../src/trace/virtual-schedule.ts'

describe('VirtualSchedule', () => {
  it('runs actions by time, and those of the same time in the order of scheduling', () => {
    const random = new SeededRandom(1)
    const schedule = new VirtualSchedule(0)
    const run: { at: number; index: number }[] = []
    for (let index = 0; index < 500; index++) {
      const at = random.nextInteger(0, 50)
      schedule.at(at, () => run.push({ at: schedule.now, index }))
    }
    schedule.runUntil(51)
    expect(run).toHaveLength(500)
    expect(run).toEqual(run.toSorted((a, b) => a.at - b.at || a.index - b.index))
  })

  it('runs what actions schedule, and leaves what comes at the end or later', () => {
    const schedule = new VirtualSchedule(100)
    const run: string[] = []
    schedule.after(10, () => {
      run.push('first')
      schedule.after(5, () => run.push('second'))
      schedule.at(0, () => run.push('now'))
      schedule.at(200, () => run.push('too late'))
    })
    schedule.runUntil(200)
    expect(run).toEqual(['first', 'now', 'second'])
    expect(schedule.now).toBe(200)
  })
})
