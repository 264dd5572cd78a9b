import { Duration } from 'aws-cdk-lib'
import { SystemLogLevel } from 'aws-cdk-lib/aws-lambda'
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler'
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets'
import type * as sns from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import { acknowledge } from './acknowledge.ts'
import type { EventTables } from './event-tables.ts'
import { NodeFunction } from './node-function.ts'
import { RunbookAlarm } from './runbook-alarm.ts'
import { createSchedulerRole } from './scheduler-role.ts'
import type { Settings } from './settings.ts'

export interface UsageSamplerProps {
  readonly tables: EventTables
  readonly alertTopic: sns.ITopic
  readonly settings: Pick<Settings, 'logRetentionDays' | 'retentionDays'>
}

/** Figures of usage count minutes, so this is not a setting. */
const period = Duration.minutes(1)

/**
 * The function that samples open rooms and present participants each minute, for `GET /api/usage`, and keeps the directory of people, for
 * `GET /api/people`.
 */
export class UsageSampler extends Construct {
  readonly function: NodeFunction

  constructor(scope: Construct, id: string, { tables, alertTopic, settings }: UsageSamplerProps) {
    super(scope, id)
    this.function = new NodeFunction(this, 'SampleUsage', {
      service: 'sample-usage',
      description: 'Samples open rooms and present participants each minute',
      // Less than the period, so that samples do not overlap.
      timeout: Duration.seconds(50),
      memoryMb: 256,
      settings,
      // Lambda's own log lines of an invocation each minute would cost more than what it reads.
      systemLogLevel: SystemLogLevel.WARN,
      environment: { STATE_TABLE: tables.state.tableName, RETENTION_DAYS: String(settings.retentionDays) },
    })
    acknowledge(this.function, {
      'Serverless-LambdaAsyncFailureDestination':
        'A failed sample leaves nothing to process: its minute is over. The alarm usage-missing reports that samples are missing.',
    })
    // A later invocation cannot make up for a missed minute.
    this.function.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) })
    this.function.allow(['dynamodb:Query'], tables.listingIndexArn)
    this.function.allow(['dynamodb:Query', 'dynamodb:BatchGetItem', 'dynamodb:PutItem'], tables.state.tableArn)
    new Schedule(this, 'Samples', {
      description: 'Samples open rooms and present participants',
      schedule: ScheduleExpression.rate(period),
      target: new LambdaInvoke(this.function, {
        retryAttempts: 0,
        role: createSchedulerRole(this, this.function, 'Permissions of the schedule that samples usage'),
      }),
    })
    this.addAlarm(alertTopic)
  }

  /** Counts invocations that failed and those that Lambda could not start, for example for lack of concurrency. */
  private addAlarm(topic: sns.ITopic): void {
    new RunbookAlarm(this, 'UsageMissing', {
      topic,
      metric: this.function.metric('AsyncEventsDropped', { period: Duration.minutes(15), statistic: 'Sum' }),
      threshold: 5,
      impact: {
        chinese:
          '用量采样在 15 分钟内至少失败 5 次：这段时间的用量统计不完整，新来的用户暂时无法按姓名找到。状态和回调不受影响。',
        english:
          'Samples of usage have failed at least five times in 15 minutes: usage is incomplete for this time, and new people are not found by name yet. State and callbacks are not affected.',
      },
    })
  }
}
