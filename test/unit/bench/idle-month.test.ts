import { describe, expect, it } from 'vitest'
import { costIdleMonth, formatIdleMonth, type IdleUsage } from '../../../bench/idle/idle-month.ts'
import type { IdleStack } from '../../../bench/idle/idle-stack.ts'

const stack: IdleStack = {
  alarms: [
    { name: 'dead-letters', metrics: 1 },
    { name: 'refused-signatures', metrics: 2 },
  ],
  dashboards: [{ id: 'Page', metrics: 50 }],
  secrets: 3,
  keys: 1,
  polledQueues: 1,
  schedules: [{ functionName: 'Sweep', periodMinutes: 1, memoryGb: 1, logsInvocations: true }],
}
const unused: IdleUsage = {
  writes: 0,
  reads: 0,
  sqsRequests: 0,
  readsSecret: false,
  platformRequests: 0,
  loggedBytes: 0,
}
const usageOf = (usage: Partial<IdleUsage>) => new Map([['Sweep', { ...unused, ...usage }]])
const usdOf = (item: string, usage: Partial<IdleUsage> = {}, metrics: readonly string[] = [], of = stack) =>
  costIdleMonth(of, usageOf(usage), metrics).find((line) => line.item === item)?.usd

describe('costIdleMonth', () => {
  it('bills each metric of an alarm, each secret and each key', () => {
    expect(usdOf('alarms')).toBeCloseTo(0.3)
    expect(usdOf('secrets')).toBeCloseTo(1.2)
    expect(usdOf('key')).toBeCloseTo(1)
  })

  it('bills each custom metric that the idle run emitted', () => {
    expect(usdOf('custom metrics')).toBe(0)
    expect(usdOf('custom metrics', {}, ['RoomsObserved', 'UsersObserved'])).toBeCloseTo(0.6)
  })

  it('bills the dashboard only if it has more metrics than a free one', () => {
    expect(usdOf('dashboard')).toBe(0)
    expect(usdOf('dashboard', {}, [], { ...stack, dashboards: [{ id: 'Page', metrics: 51 }] })).toBe(3)
  })

  it('bills five polls of 20 s at a time for each queue', () => {
    expect(usdOf('polling')).toBeCloseTo(5 * 3 * 60 * 730 * 0.4e-6)
  })

  it('bills what a scheduled function uses with each invocation', () => {
    const added = (usage: Partial<IdleUsage>) => (usdOf('Sweep', usage) ?? 0) - (usdOf('Sweep') ?? 0)
    const invocations = 60 * 730
    const usdPerMs = 0.0000133334 / 1000
    expect(added({ writes: 2 })).toBeCloseTo(invocations * (2 * 0.625e-6 + 2 * 6.7 * usdPerMs))
    expect(added({ readsSecret: true })).toBeCloseTo(invocations * 5e-6)
    expect(added({ platformRequests: 1 })).toBeCloseTo(invocations * 100 * usdPerMs)
    expect(added({ loggedBytes: 1000 })).toBeCloseTo(invocations * 0.5e-6)
  })

  it('rejects a scheduled function without a measurement', () => {
    expect(() => costIdleMonth(stack, new Map(), [])).toThrow('no usage of Sweep was measured')
  })
})

describe('formatIdleMonth', () => {
  it('ends with the total', () => {
    const text = formatIdleMonth([
      { item: 'alarms', usd: 2.1, reason: 'a reason' },
      { item: 'key', usd: 1, reason: 'another' },
    ])
    expect(text.split('\n').at(1)).toMatch(/alarms +2\.10 {2}a reason/)
    expect(text.split('\n').at(-1)).toMatch(/total +3\.10$/)
  })
})
