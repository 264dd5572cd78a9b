import type { ServiceEvent } from '../events/event-bus.ts'
import type { AlarmStateChange, AlarmStatus } from './alarm.ts'

/** Returns the event that CloudWatch puts on the default bus at every change of state, the first one included. */
export function alarmEvent({ alarm, before, after }: AlarmStateChange): ServiceEvent {
  return {
    source: 'aws.cloudwatch',
    detailType: 'CloudWatch Alarm State Change',
    resources: [alarm.arn],
    detail: {
      alarmName: alarm.name,
      configuration: {
        description: alarm.description,
        metrics: alarm.terms.map(({ query }, index) => ({
          id: `m${index}`,
          metricStat: {
            metric: { namespace: query.namespace, name: query.name, dimensions: query.dimensions },
            period: query.periodSeconds,
            stat: query.statistic,
          },
          returnData: true,
        })),
      },
      previousState: stateOf(before),
      state: stateOf(after),
    },
    atMs: after.sinceMs,
  }
}

function stateOf({ state, reason, sinceMs }: AlarmStatus) {
  return { value: state, reason, timestamp: new Date(sinceMs).toISOString().replace('Z', '+0000') }
}
