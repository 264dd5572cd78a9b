import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  DisableAlarmActionsCommand,
  GetMetricStatisticsCommand,
  paginateDescribeAlarms,
} from '@aws-sdk/client-cloudwatch'
import { describe, expect, it } from 'vitest'
import { runFixture } from '../run-fixture.ts'

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
const topicArn = 'arn:aws:sns:us-east-1:000000000000:alerts'
const alarm = (AlarmName: string) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    AlarmName,
    AlarmActions: [{ Ref: 'Alerts' }],
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    EvaluationPeriods: 1,
    Threshold: 1,
    Period: 60,
    Statistic: 'Sum',
    TreatMissingData: 'notBreaching',
    Namespace: 'Own',
    MetricName: 'm',
  },
})
const code = `export const handler = async () => {
  console.log(JSON.stringify({
    _aws: { Timestamp: Date.now(), CloudWatchMetrics: [{ Namespace: 'Own', Dimensions: [['service']], Metrics: [{ Name: 'unwatched' }] }] },
    service: 's', unwatched: 3,
  }))
  return { statusCode: 200 }
}`

async function start() {
  const run = await runFixture({
    functions: { F: { code } },
    routes: { 'GET /{proxy+}': 'F' },
    resources: {
      Alerts: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'alerts' } },
      One: alarm('one'),
      Two: alarm('two'),
      Other: alarm('other'),
    },
  })
  return { run, client: new CloudWatchClient({ endpoint: run.awsEndpointUrl, region: 'us-east-1', credentials }) }
}

describe('CloudWatch at the endpoint', () => {
  it('describes alarms with their state and actions, by name, prefix and state, in pages', async () => {
    const { run, client } = await start()
    await run.evaluateAlarms()
    await run.setAlarmState('two', 'ALARM')
    const describe = async (input: object) =>
      (await client.send(new DescribeAlarmsCommand(input))).MetricAlarms?.map(({ AlarmName }) => AlarmName)
    expect(await describe({ AlarmNames: ['one', 'none'] })).toEqual(['one'])
    expect(await describe({ AlarmNamePrefix: 'o' })).toEqual(['one', 'other'])
    expect(await describe({ StateValue: 'ALARM' })).toEqual(['two'])
    const names: (string | undefined)[] = []
    for await (const { MetricAlarms } of paginateDescribeAlarms({ client, pageSize: 2 }, {}))
      names.push(...(MetricAlarms?.map(({ AlarmName }) => AlarmName) ?? []))
    expect(names).toEqual(['one', 'two', 'other'])
    const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: ['two'] }))
    expect(MetricAlarms).toMatchObject([
      { AlarmName: 'two', StateValue: 'ALARM', ActionsEnabled: true, AlarmActions: [topicArn] },
    ])
    expect(MetricAlarms?.[0]?.StateUpdatedTimestamp?.getTime()).toBeGreaterThan(Date.now() - 60_000)
  })

  it('notifies no one about an alarm whose actions are switched off', async () => {
    const { run, client } = await start()
    await client.send(new DisableAlarmActionsCommand({ AlarmNames: ['one'] }))
    await run.setAlarmState('one', 'ALARM')
    expect(run.lines.filter((line) => line.startsWith('NO RECIPIENT'))).toEqual([])
    await run.setAlarmState('two', 'ALARM')
    expect(run.lines.filter((line) => line.startsWith('NO RECIPIENT'))).toHaveLength(1)
    const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({}))
    expect(MetricAlarms?.map(({ ActionsEnabled }) => ActionsEnabled)).toEqual([false, true, true])
  })

  it('returns the statistics of any metric, also of one that no alarm watches', async () => {
    const { run, client } = await start()
    for (let call = 0; call < 2; call++) await fetch(`${run.url}/any`)
    const input = {
      Namespace: 'Own',
      MetricName: 'unwatched',
      StartTime: new Date(Date.now() - 3_600_000),
      EndTime: new Date(Date.now() + 60_000),
      Period: 7200,
      Statistics: ['Sum', 'SampleCount', 'Maximum'] as ('Sum' | 'SampleCount' | 'Maximum')[],
    }
    const read = async (dimension: string) => {
      const Dimensions = [{ Name: 'service', Value: dimension }]
      return (await client.send(new GetMetricStatisticsCommand({ ...input, Dimensions }))).Datapoints
    }
    expect(await read('s')).toMatchObject([{ Sum: 6, SampleCount: 2, Maximum: 3 }])
    expect(await read('other')).toEqual([])
    const wrong = client.send(new GetMetricStatisticsCommand({ ...input, Period: 45 }))
    await expect(wrong).rejects.toMatchObject({ name: 'InvalidParameterValueException' })
  })
})
