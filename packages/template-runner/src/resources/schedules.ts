import { z } from 'zod'
import type { EmulatedAccount, ResourceKind } from '../account.ts'
import { isCalled } from '../functions/is-called.ts'
import { readRate, Schedule } from '../schedules/schedule.ts'
import { StartupError } from '../startup-error.ts'
import type { Resource } from '../template/resource.ts'
import { physicalName, readProperties, unused } from './properties.ts'

const scheduleSchema = z.strictObject({
  Name: z.string().optional(),
  ScheduleExpression: z.string(),
  FlexibleTimeWindow: z.strictObject({
    Mode: z.enum(['OFF', 'FLEXIBLE']),
    // Invocations always take place at the start of the window.
    MaximumWindowInMinutes: unused,
  }),
  State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
  Target: z.strictObject({
    Arn: z.string(),
    RoleArn: z.string(),
    Input: z.string().default('{}'),
    // Deliveries to the target do not fail here.
    RetryPolicy: unused,
    DeadLetterConfig: unused,
  }),
  Description: unused,
  GroupName: unused,
  KmsKeyArn: unused,
  // Applies to cron and at expressions only.
  ScheduleExpressionTimezone: unused,
})

export const schedule: ResourceKind = {
  type: 'AWS::Scheduler::Schedule',
  identify({ logicalId, text }, { stackName, region, accountId }) {
    const name = text('Name') ?? physicalName(stackName, logicalId, 64)
    const group = text('GroupName') ?? 'default'
    return { ref: name, attributes: { Arn: `arn:aws:scheduler:${region}:${accountId}:schedule/${group}/${name}` } }
  },
  async create(resources, account) {
    for (const resource of resources) {
      const created = await createSchedule(resource, account)
      if (created) account.schedules.push(created)
    }
  },
}

async function createSchedule(resource: Resource, account: EmulatedAccount): Promise<Schedule | undefined> {
  const { logicalId, identity } = resource
  const { ScheduleExpression, State, Target } = readProperties(scheduleSchema, resource)
  const ratePeriodSeconds = readRate(ScheduleExpression)
  if (ratePeriodSeconds === undefined) {
    throw new StartupError(`${logicalId}: the local runner emulates rate(…) only, not ${ScheduleExpression}`)
  }
  const pool = account.functions.get(Target.Arn.split(':').at(-1) ?? '')
  if (!pool) throw new StartupError(`${logicalId}: there is no function ${Target.Arn}`)
  checkInput(logicalId, Target.Input)
  await checkRole(resource, Target, account)
  if (State === 'DISABLED') return undefined
  const [, periodSeconds = ratePeriodSeconds] =
    Object.entries(account.settings.scheduleSeconds).find(([name]) => isCalled(pool.settings, name)) ?? []
  return new Schedule({ arn: identity.attributes.Arn ?? identity.ref, periodSeconds, pool, input: Target.Input })
}

function checkInput(logicalId: string, input: string): void {
  try {
    JSON.parse(input)
  } catch {
    throw new StartupError(`${logicalId}: Target.Input is not JSON`)
  }
}

async function checkRole(
  { logicalId, path }: Resource,
  { Arn, RoleArn }: { readonly Arn: string; readonly RoleArn: string },
  { access, stack }: EmulatedAccount,
): Promise<void> {
  const role = stack.of('AWS::IAM::Role').find(({ identity }) => identity.attributes.Arn === RoleArn)
  if (!role) throw new StartupError(`${logicalId}: there is no role ${RoleArn}`)
  const roleName = role.identity.ref
  const decision = await access.decide(
    { roleName, functionName: logicalId, path },
    { action: 'lambda:InvokeFunction', resource: Arn },
  )
  if (!decision.allowed)
    throw new StartupError(`${logicalId}: the role ${roleName} lacks lambda:InvokeFunction on ${Arn}`)
}
