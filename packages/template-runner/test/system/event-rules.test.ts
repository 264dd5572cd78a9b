import { describe, expect, it } from 'vitest'
import { runFixture } from './run-fixture.ts'

const ruleArn = { 'Fn::GetAtt': ['Rule', 'Arn'] }
const functionArn = { 'Fn::GetAtt': ['Recovered', 'Arn'] }
const recovery = {
  source: ['aws.cloudwatch'],
  detail: { alarmName: [{ prefix: 'Fixture-' }], state: { value: ['OK'] }, previousState: { value: ['ALARM'] } },
}
const alarm = (AlarmName: string) => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    AlarmName,
    AlarmDescription: 'Impact: some',
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    EvaluationPeriods: 1,
    Threshold: 1,
    Namespace: 'Own',
    MetricName: 'm',
    Period: 60,
    Statistic: 'Sum',
    TreatMissingData: 'notBreaching',
  },
})

/** Runs a rule for the end of alarms whose function logs the event. */
function runRule({ rule = {}, permission = {} }: { readonly rule?: object; readonly permission?: object } = {}) {
  return runFixture(
    {
      functions: { Recovered: { code: 'export const handler = async (event) => console.log(JSON.stringify(event))' } },
      resources: {
        Own: alarm('Fixture-trouble'),
        Other: alarm('Other-trouble'),
        Rule: {
          Type: 'AWS::Events::Rule',
          Properties: { EventPattern: recovery, State: 'ENABLED', Targets: [{ Id: 'T', Arn: functionArn }], ...rule },
        },
        RulePermission: {
          Type: 'AWS::Lambda::Permission',
          Properties: {
            Action: 'lambda:InvokeFunction',
            FunctionName: functionArn,
            Principal: 'events.amazonaws.com',
            SourceArn: ruleArn,
            ...permission,
          },
        },
      },
    },
    { logs: 'all' },
  )
}

type RuleRun = Awaited<ReturnType<typeof runRule>>

/** Lets both alarms go off and recover. @returns the events that the function received. */
async function recoverAlarms(run: RuleRun): Promise<unknown[]> {
  // From INSUFFICIENT_DATA to OK.
  await run.evaluateAlarms()
  for (const name of ['Fixture-trouble', 'Other-trouble']) await run.setAlarmState(name, 'ALARM')
  await run.evaluateAlarms()
  await run.idle(15_000)
  const prefix = 'Recovered: '
  return run.lines.filter((line) => line.startsWith(`${prefix}{`)).map((line) => JSON.parse(line.slice(prefix.length)))
}

const isoTimestamp = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/)

describe('a rule of the default event bus', () => {
  it('invokes its function with the state changes of alarms that match, in the format of CloudWatch', async () => {
    const arn = 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:Fixture-trouble'
    expect(await recoverAlarms(await runRule())).toEqual([
      {
        version: '0',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        'detail-type': 'CloudWatch Alarm State Change',
        source: 'aws.cloudwatch',
        account: '000000000000',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
        region: 'us-east-1',
        resources: [arn],
        detail: {
          alarmName: 'Fixture-trouble',
          configuration: {
            description: 'Impact: some',
            metrics: [
              {
                id: 'm0',
                metricStat: { metric: { namespace: 'Own', name: 'm', dimensions: {} }, period: 60, stat: 'Sum' },
                returnData: true,
              },
            ],
          },
          previousState: { value: 'ALARM', reason: 'set by hand', timestamp: isoTimestamp },
          state: { value: 'OK', reason: '0 of 1 periods [-] >= 1', timestamp: isoTimestamp },
        },
      },
    ])
  })

  it('invokes nothing if it is disabled', async () => {
    expect(await recoverAlarms(await runRule({ rule: { State: 'DISABLED' } }))).toEqual([])
  })

  it.each([
    [{ permission: { Principal: 'sns.amazonaws.com' } }, 'no permission lets events.amazonaws.com call'],
    [{ permission: { SourceArn: 'arn:aws:events:us-east-1:000000000000:rule/other' } }, 'no permission lets'],
    [{ rule: { Targets: [{ Id: 'T', Arn: 'arn:aws:lambda:us-east-1:0:function:none' }] } }, 'there is no function'],
    [{ rule: { Targets: [{ Id: 'T', Arn: functionArn, Input: '{}' }] } }, 'Input'],
    [{ rule: { EventBusName: 'own' } }, 'emulates the default bus only'],
    [{ rule: { ScheduleExpression: 'rate(1 minute)' } }, 'ScheduleExpression'],
    [{ rule: { EventPattern: { source: [{ suffix: 'x' }] } } }, 'Rule: EventPattern.source: the local runner emulates'],
  ])('fails the start with %j', async (options, reason) => {
    await expect(runRule(options)).rejects.toThrow(reason)
  })
})
