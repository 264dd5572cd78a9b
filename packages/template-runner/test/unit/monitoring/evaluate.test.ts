import { describe, expect, it } from 'vitest'
import { type AlarmRule, type AlarmState, evaluateRule } from '../../../src/monitoring/evaluate.ts'

const rule: AlarmRule = {
  comparison: 'GreaterThanOrEqualToThreshold',
  threshold: 5,
  evaluationPeriods: 3,
  datapointsToAlarm: 2,
  missingData: 'notBreaching',
}
const none = undefined
const evaluateState = (
  changes: Partial<AlarmRule>,
  datapoints: (number | undefined)[],
  previous: AlarmState = 'OK',
): AlarmState => evaluateRule({ ...rule, ...changes }, datapoints, previous).state

describe('evaluateRule', () => {
  it.each([
    ['GreaterThanOrEqualToThreshold', [4, 5, 6], ['OK', 'ALARM', 'ALARM']],
    ['GreaterThanThreshold', [4, 5, 6], ['OK', 'OK', 'ALARM']],
    ['LessThanThreshold', [4, 5, 6], ['ALARM', 'OK', 'OK']],
    ['LessThanOrEqualToThreshold', [4, 5, 6], ['ALARM', 'ALARM', 'OK']],
  ] as const)('compares by %s', (comparison, values, states) => {
    const changes = { comparison, evaluationPeriods: 1, datapointsToAlarm: 1 }
    expect(values.map((value) => evaluateState(changes, [value]))).toEqual(states)
  })

  it('requires the given number of breaching periods among the evaluated ones', () => {
    expect(evaluateState({}, [9, 0, 0])).toBe('OK')
    expect(evaluateState({}, [9, 0, 9])).toBe('ALARM')
    expect(evaluateState({}, [0, 0, 0, 9, 9])).toBe('OK')
    expect(evaluateState({ datapointsToAlarm: 3 }, [9, 9, 0])).toBe('OK')
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
  ] as const)('treats missing data as %s: %j', (missingData, datapoints, expected) => {
    expect(evaluateState({ missingData }, [...datapoints], 'ALARM')).toBe(expected)
  })

  it('returns the reason for the state', () => {
    expect(evaluateRule(rule, [9, none, 6], 'OK').reason).toBe('2 of 3 periods [9, -, 6] >= 5')
  })
})
