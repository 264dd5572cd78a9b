import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { RunnerOptions } from '../../src/index.ts'
import { readRate } from '../../src/schedules/schedule.ts'
import { runFixture } from './run-fixture.ts'

/** Starting a worker takes seconds on a busy machine. */
const maxWaitMs = 15_000

const functionArn = { 'Fn::GetAtt': ['Sweep', 'Arn'] }
const invokeStatement = { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: functionArn }

interface ScheduledFunction {
  readonly code?: string
  readonly properties?: object
  readonly target?: object
  readonly allow?: object
}

/** Runs a schedule, its function, and the role that the schedule assumes. */
function runScheduled(
  { code, properties, target, allow = invokeStatement }: ScheduledFunction,
  options: Partial<RunnerOptions> = {},
) {
  const policy = { PolicyName: 'invoke', PolicyDocument: { Version: '2012-10-17', Statement: [allow] } }
  return runFixture(
    {
      functions: {
        Sweep: { code: code ?? 'export const handler = async (event) => console.log(JSON.stringify(event))' },
      },
      resources: {
        SchedulerRole: {
          Type: 'AWS::IAM::Role',
          Properties: { AssumeRolePolicyDocument: {}, Policies: [policy] },
        },
        Schedule: {
          Type: 'AWS::Scheduler::Schedule',
          Properties: {
            ScheduleExpression: 'rate(1 minute)',
            FlexibleTimeWindow: { Mode: 'OFF' },
            Target: {
              Arn: functionArn,
              RoleArn: { 'Fn::GetAtt': ['SchedulerRole', 'Arn'] },
              RetryPolicy: { MaximumRetryAttempts: 0 },
              ...target,
            },
            ...properties,
          },
        },
      },
    },
    { logs: 'all', ...options },
  )
}

const invocationLines = ({ lines }: { lines: readonly string[] }) => lines.filter((line) => line.startsWith('Sweep: '))

describe('a schedule', () => {
  it('invokes its function periodically, for the first time after one period', async () => {
    const started = Date.now()
    const run = await runScheduled(
      { target: { Input: '{"at":"<aws.scheduler.scheduled-time>"}' } },
      { scheduleSeconds: { Sweep: 0.2 } },
    )
    await expect.poll(() => invocationLines(run).length, { interval: 10, timeout: maxWaitMs }).toBeGreaterThan(1)
    expect(Date.now() - started).toBeGreaterThanOrEqual(400)
    expect(invocationLines(run)[0]).toMatch(/^Sweep: \{"at":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"\}$/)
  })

  it('passes an empty event if it has no input, and invokes nothing after the stop', async () => {
    const run = await runScheduled({}, { scheduleSeconds: { Sweep: 0.1 } })
    await expect.poll(() => invocationLines(run).length, { interval: 10, timeout: maxWaitMs }).toBeGreaterThan(0)
    expect(invocationLines(run)[0]).toBe('Sweep: {}')
    await run.stop()
    const { length } = run.lines
    await sleep(250)
    expect(run.lines).toHaveLength(length)
  })

  it('does not wait for the previous invocation, and continues after a failed one', async () => {
    const code = `let count = 0
      export const handler = async () => {
        console.log('started')
        if (count++ > 0) throw new Error('broken sweep')
        await new Promise((resolve) => setTimeout(resolve, 500))
        console.log('done')
      }`
    const run = await runScheduled({ code }, { scheduleSeconds: { Sweep: 0.1 } })
    await expect
      .poll(() => invocationLines(run).includes('Sweep: done'), { interval: 20, timeout: maxWaitMs })
      .toBe(true)
    const before = invocationLines(run).slice(0, invocationLines(run).indexOf('Sweep: done'))
    expect(before.filter((line) => line === 'Sweep: started').length).toBeGreaterThan(1)
    await expect
      .poll(() => run.lines.filter((line) => line.includes('broken sweep')).length, { timeout: maxWaitMs })
      .toBeGreaterThan(1)
  })

  it('keeps the period of the template if another function is named', async () => {
    const run = await runScheduled({}, { scheduleSeconds: { Other: 0.05 } })
    await sleep(200)
    expect(invocationLines(run)).toEqual([])
  })

  it('invokes nothing if it is disabled', async () => {
    const run = await runScheduled({ properties: { State: 'DISABLED' } }, { scheduleSeconds: { Sweep: 0.05 } })
    await sleep(200)
    expect(invocationLines(run)).toEqual([])
  })

  it('fails the start if its role does not allow the invocation', async () => {
    const allow = { Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: 'arn:aws:lambda:*:*:function:Other' }
    await expect(runScheduled({ allow })).rejects.toThrow(
      'Schedule: the role Fixture-SchedulerRole lacks lambda:InvokeFunction on arn:aws:lambda:us-east-1:000000000000:function:Fixture-Sweep',
    )
  })

  it.each([
    [{ properties: { ScheduleExpression: 'cron(0 * * * ? *)' } }, 'rate(…) only'],
    [{ properties: { StartDate: '2026-01-01T00:00:00Z' } }, 'StartDate'],
    [{ target: { Arn: 'arn:aws:lambda:us-east-1:000000000000:function:none' } }, 'there is no function'],
    [{ target: { RoleArn: 'arn:aws:iam::000000000000:role/none' } }, 'there is no role'],
    [{ target: { Input: 'now' } }, 'Target.Input is not JSON'],
  ])('fails the start with %j', async (scheduled, reason) => {
    await expect(runScheduled(scheduled)).rejects.toThrow(reason)
  })
})

describe('readRate', () => {
  it.each([
    ['rate(1 minute)', 60],
    ['rate(5 minutes)', 300],
    ['rate(2 hours)', 7200],
    ['rate(1 day)', 86_400],
  ])('reads %s as a period of %s seconds', (expression, seconds) => {
    expect(readRate(expression)).toBe(seconds)
  })

  it.each(['rate(0 minutes)', 'rate(30 seconds)'])('returns undefined for %s', (expression) => {
    expect(readRate(expression)).toBeUndefined()
  })
})

describe('TemplateRun.invoke', () => {
  const code = `export const handler = async (event) => {
    if (event.fail) throw new TypeError('requested failure')
    return { got: event }
  }`

  it('returns the payload or the error of the function', async () => {
    const run = await runFixture({ functions: { Echo: { code } } })
    for (const name of ['Echo', 'Fixture/Part/Echo', 'Fixture-Echo']) {
      expect(await run.invoke(name, { n: 1 })).toEqual({ kind: 'ok', payload: { got: { n: 1 } } })
    }
    expect(await run.invoke('Echo', { fail: true })).toMatchObject({
      kind: 'failed',
      error: { errorType: 'TypeError', errorMessage: 'requested failure' },
    })
  })

  it('throws if the function does not exist', async () => {
    const run = await runFixture({ functions: { Echo: { code } } })
    await expect(run.invoke('Other', {})).rejects.toThrow('0 functions are called Other; there are Fixture/Part/Echo')
  })
})

describe('MaximumEventAgeInSeconds of asynchronous invocations', () => {
  const config = (MaximumEventAgeInSeconds: number) => ({
    Type: 'AWS::Lambda::EventInvokeConfig',
    Properties: {
      FunctionName: { Ref: 'Echo' },
      Qualifier: '$LATEST',
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds,
    },
  })
  const functions = { Echo: { code: 'export const handler = async () => {}' } }

  it.each([60, 21_600])('may be %i', async (maxAge) => {
    await runFixture({ functions, resources: { Config: config(maxAge) } })
  })

  it.each([59, 21_601])('must not be %i', async (maxAge) => {
    const start = runFixture({ functions, resources: { Config: config(maxAge) } })
    await expect(start).rejects.toThrow('must be from 60 to 21,600 seconds')
  })

  it('belongs to a function of the template', async () => {
    const { Properties, ...rest } = config(60)
    const Config = { ...rest, Properties: { ...Properties, FunctionName: 'none' } }
    await expect(runFixture({ functions, resources: { Config } })).rejects.toThrow('there is no function none')
  })
})

describe('MaximumRetryAttempts of asynchronous invocations', () => {
  it.each([
    ['may be 0', 0, undefined],
    ['may be 2', 2, undefined],
    ['must not be 3', 3, 'must be from 0 to 2'],
  ])('%s', async (_, MaximumRetryAttempts, reason) => {
    const Properties = { FunctionName: { Ref: 'Echo' }, Qualifier: '$LATEST', MaximumRetryAttempts }
    const start = runFixture({
      functions: { Echo: { code: 'export const handler = async () => {}' } },
      resources: { Config: { Type: 'AWS::Lambda::EventInvokeConfig', Properties } },
    })
    if (reason === undefined) await start
    else await expect(start).rejects.toThrow(reason)
  })
})
