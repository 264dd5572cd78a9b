import { describe, expect, it } from 'vitest'
import { describeRotation, retirableAt } from '../../../../cli/rotate-key/describe.ts'
import type { KeyUsage } from '../../../../cli/rotate-key/key-usage.ts'
import { planRotation } from '../../../../cli/rotate-key/plan.ts'

const unused: KeyUsage = { current: 5, previous: 0, unverified: 0, previousUsedAt: undefined }
const used: KeyUsage = { ...unused, previous: 3, previousUsedAt: 1_000 }
const both = { current: 'B', previous: 'A' }

describe('planRotation', () => {
  it('makes the current key the previous one', () => {
    const plan = { outcome: 'rotated', after: { current: 'C', previous: 'B' } }
    expect(planRotation({ current: 'B', previous: undefined }, 'C', used, false)).toEqual(plan)
    expect(planRotation(both, 'C', unused, false)).toEqual(plan)
  })

  it('drops a previous key that is in use only with a confirmation', () => {
    for (const newKey of ['C', undefined]) {
      expect(() => planRotation(both, newKey, used, false)).toThrow('about 3 callbacks')
      expect(() => planRotation(both, newKey, { ...unused, unverified: 2 }, false)).toThrow('2 callbacks')
      expect(planRotation(both, newKey, used, true).after.previous).toBe(newKey === undefined ? undefined : 'B')
    }
  })

  it('swaps the two keys if the new one is the previous one, whether or not that is in use', () => {
    expect(planRotation(both, 'A', used, false)).toEqual({ outcome: 'rotated', after: { current: 'A', previous: 'B' } })
  })

  it('refuses the key that is current already, and retires nothing if there is no previous key', () => {
    expect(() => planRotation(both, 'B', unused, true)).toThrow('current one already')
    const single = { current: 'B', previous: undefined }
    expect(planRotation(single, undefined, used, false)).toEqual({ outcome: 'unchanged', after: single })
  })
})

describe('the report of a rotation', () => {
  const report = {
    outcome: 'rotated',
    isDryRun: false,
    generatedKey: 'C',
    usage: used,
    hasPrevious: true,
    now: 60_000,
  } as const

  it('states when the previous key can go', () => {
    expect(retirableAt(report)).toBe(60_000 + 3_600_000)
    expect(retirableAt({ ...report, usage: { ...unused, current: 0 } })).toBe(60_000)
    expect(retirableAt({ ...report, outcome: 'unchanged' })).toBe(1_000 + 3_600_000)
    expect(retirableAt({ ...report, outcome: 'retired', hasPrevious: false })).toBeUndefined()
  })

  it('names both back-office pages and the new key, in both languages', () => {
    for (const language of ['en', 'zh'] as const) {
      const text = describeRotation(report)
        .map((line) => line[language])
        .join('\n')
      for (const part of ['media_server', 'master', '北向接口校验密钥', 'C', '--retire']) expect(text).toContain(part)
    }
  })
})
