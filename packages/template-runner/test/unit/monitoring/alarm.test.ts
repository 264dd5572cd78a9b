import { describe, expect, it } from 'vitest'
import { type AlarmDefinition, EmulatedAlarm } from '../../../src/monitoring/alarm.ts'
import { MetricStore } from '../../../src/monitoring/metric-store.ts'

const minuteMs = 60_000
const metric = { namespace: 'N', name: 'm', dimensions: {} }

/** Creates an alarm with a threshold of five per minute. `evaluate` returns the new state if it changed. */
function createAlarm() {
  const store = new MetricStore()
  const query = { ...metric, statistic: 'Sum', periodSeconds: 60 }
  store.track(query, 2)
  const definition: AlarmDefinition = {
    name: 'a',
    arn: 'arn',
    description: '',
    rule: {
      comparison: 'GreaterThanOrEqualToThreshold',
      threshold: 5,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      missingData: 'notBreaching',
    },
    terms: [{ query, fill: undefined }],
    periodSeconds: 60,
    actions: { ALARM: [], OK: [], INSUFFICIENT_DATA: [] },
    actionsEnabled: true,
  }
  const alarm = new EmulatedAlarm(definition, 0)
  return {
    put: (value: number, atMs: number) => store.put(metric, value, atMs),
    evaluate: (nowMs: number) => alarm.evaluate(store, nowMs)?.after.state,
  }
}

describe('EmulatedAlarm', () => {
  it('changes to ALARM within a period, as soon as the threshold is reached', () => {
    const { put, evaluate } = createAlarm()
    expect(evaluate(0)).toBe('OK')
    put(4, 1000)
    expect(evaluate(2000)).toBeUndefined()
    put(1, 3000)
    expect(evaluate(4000)).toBe('ALARM')
  })

  it('remains in ALARM while every period breaches, and returns to OK after the first one that does not', () => {
    const { put, evaluate } = createAlarm()
    put(5, 1000)
    expect(evaluate(1000)).toBe('ALARM')
    put(1, minuteMs)
    expect(evaluate(minuteMs)).toBeUndefined()
    put(4, minuteMs + 50_000)
    expect(evaluate(minuteMs + 50_000)).toBeUndefined()
    put(1, 2 * minuteMs)
    expect(evaluate(2 * minuteMs)).toBeUndefined()
    expect(evaluate(3 * minuteMs)).toBe('OK')
  })
})
