import { describe, expect, it } from 'vitest'
import { type AlarmRule, type AlarmState, evaluate } from '../../../src/monitoring/evaluate.ts'

const rule: AlarmRule = {
  comparison: 'GreaterThanOrEqualToThreshold',
  threshold: 5,
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
  missingData: 'notBreaching',
}
const none = undefined
const state = (changes: Partial<AlarmRule>, datapoints: (number | undefined)[], before: AlarmState = 'OK') =>
  evaluate({ ...rule, ...changes }, datapoints, before).state

describe('an alarm', () => {
  it.each([
    ['GreaterThanOrEqualToThreshold', [4, 5, 6], ['OK', 'ALARM', 'ALARM']],
    ['GreaterThanThreshold', [4, 5, 6], ['OK', 'OK', 'ALARM']],
    ['LessThanThreshold', [4, 5, 6], ['ALARM', 'OK', 'OK']],
    ['LessThanOrEqualToThreshold', [4, 5, 6], ['ALARM', 'ALARM', 'OK']],
  ] as const)('compares: %s', (comparison, values, states) => {
    const one = { comparison, evaluationPeriods: 1, datapointsToAlarm: 1 }
    expect(values.map((value) => state(one, [value]))).toEqual(states)
  })

  it('needs so many of the last periods', () => {
    expect(state({}, [9, 0, 0])).toBe('OK')
    expect(state({}, [9, 0, 9])).toBe('ALARM')
    expect(state({}, [0, 0, 0, 9, 9])).toBe('OK')
    expect(state({ datapointsToAlarm: 3 }, [9, 9, 0])).toBe('OK')
  })

  it.each([
    ['notBreaching', [none, none, none], 'OK'],
    ['notBreaching', [9, none, none], 'OK'],
    ['notBreaching', [9, none, 9], 'ALARM'],
    ['breaching', [none, none, none], 'ALARM'],
    ['breaching', [9, none, 0], 'ALARM'],
    ['breaching', [0, 0, none], 'OK'],
    ['missing', [none, none, none], 'INSUFFICIENT_DATA'],
    ['missing', [0, none, none], 'OK'],
    ['ignore', [none, none, none], 'ALARM'],
    ['ignore', [0, none, none], 'OK'],
  ] as const)('takes missing data as %s: %j', (missingData, datapoints, expected) => {
    expect(state({ missingData }, [...datapoints], 'ALARM')).toBe(expected)
  })

  it('says why', () => {
    expect(evaluate(rule, [9, none, 6], 'OK').reason).toBe('2 of 3 periods [9, -, 6] >= 5')
  })
})
