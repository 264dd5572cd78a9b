import { describe, expect, it } from 'vitest'
import { Alarm } from '../../../src/monitoring/alarm.ts'
import { MetricStore } from '../../../src/monitoring/metric-store.ts'

const minute = 60_000
const metric = { namespace: 'N', name: 'm', dimensions: {} }

/** An alarm on five or more in a minute, and the changes that it says at these moments. */
function watched() {
  const store = new MetricStore()
  const query = { ...metric, statistic: 'Sum', periodSeconds: 60 }
  store.want(query, 2)
  const alarm = new Alarm({
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
  })
  return {
    put: (value: number, at: number) => store.put(metric, value, at),
    look: (at: number) => alarm.look(store, at)?.to,
  }
}

describe('an alarm', () => {
  it('goes off within the period, as soon as enough has happened', () => {
    const { put, look } = watched()
    expect(look(0)).toBe('OK')
    put(4, 1000)
    expect(look(2000)).toBeUndefined()
    put(1, 3000)
    expect(look(4000)).toBe('ALARM')
  })

  it('stays while every period has enough, and is over after the first that had not', () => {
    const { put, look } = watched()
    put(5, 1000)
    expect(look(1000)).toBe('ALARM')
    put(1, minute)
    expect(look(minute)).toBeUndefined()
    put(4, minute + 50_000)
    expect(look(minute + 50_000)).toBeUndefined()
    put(1, 2 * minute)
    expect(look(2 * minute)).toBeUndefined()
    expect(look(3 * minute)).toBe('OK')
  })
})
