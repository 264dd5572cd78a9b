import { expect, it } from 'vitest'
import { createLogFacts } from '../../../../bench/secret-outage/read-log.ts'

const emf = (fields: Record<string, unknown>, name: string, dimensions: string[]) =>
  JSON.stringify({
    _aws: {
      Timestamp: 1,
      CloudWatchMetrics: [{ Namespace: 'Northbound', Dimensions: [dimensions], Metrics: [{ Name: name }] }],
    },
    ...fields,
  })
const countCallback = (outcome: string, traceId: string) =>
  emf({ Callbacks: 1, outcome, trace_id: traceId }, 'Callbacks', ['service', 'outcome'])

it('the log of the functions tells unverified callbacks, dropped ones and the outcomes of events', () => {
  const { facts, addLine } = createLogFacts()
  addLine(`ReceiveCallback: ${countCallback('accepted_unverified', 'a')}`)
  addLine(`ReceiveCallback: ${countCallback('accepted_unverified', 'x')}`)
  addLine(`ReceiveCallback: ${countCallback('check_code_wrong', 'y')}`)
  addLine('ReceiveCallback: {"accepted":"b","request_id":"r"}')
  addLine(`ApplyEvents: ${countCallback('check_code_wrong', 'x')}`)
  addLine(`ApplyEvents: ${emf({ EventsApplied: [1, 1] }, 'EventsApplied', ['service'])}`)
  addLine(`ApplyEvents: ${emf({ EventsApplied: 1 }, 'EventsApplied', ['service'])}`)
  addLine('ApplyEvents: {"level":"ERROR"}')
  addLine('the runner has started')
  expect([...facts.unverified]).toEqual(['a', 'x'])
  expect(facts.dropped).toBe(1)
  expect([...facts.metrics]).toEqual([['EventsApplied', 3]])
})
