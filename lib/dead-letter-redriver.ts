import { Duration } from 'aws-cdk-lib'
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler'
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets'
import type * as sqs from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { acknowledge } from './acknowledge.ts'
import type { EventTables } from './event-tables.ts'
import { NodeFunction } from './node-function.ts'
import { createSchedulerRole } from './scheduler-role.ts'
import type { Settings } from './settings.ts'

export interface DeadLetterRedriverProps {
  readonly queue: sqs.IQueue
  readonly deadLetters: sqs.IQueue
  readonly tables: EventTables
  readonly settings: Settings
}

/** Less than the time for which a received dead letter stays hidden, so that a run continues where the last one ended. */
const period = Duration.minutes(5)

/**
 * The function that puts dead letters back on the event queue once events are applied again. It has no alarm of its own: while it
 * fails, the alarm on dead letters stays on.
 */
export class DeadLetterRedriver extends Construct {
  readonly function: NodeFunction

  constructor(scope: Construct, id: string, { queue, deadLetters, tables, settings }: DeadLetterRedriverProps) {
    super(scope, id)
    this.function = new NodeFunction(this, 'RedriveDeadLetters', {
      service: 'redrive-dead-letters',
      description: 'Puts each dead letter back on the event queue once, after events are applied again',
      // Less than the period, so that runs do not overlap.
      timeout: Duration.seconds(60),
      memoryMb: 512,
      settings,
      environment: {
        STATE_TABLE: tables.state.tableName,
        EVENT_QUEUE_URL: queue.queueUrl,
        DEAD_LETTER_QUEUE_URL: deadLetters.queueUrl,
      },
    })
    acknowledge(this.function, {
      'Serverless-LambdaAsyncFailureDestination':
        'A failed run leaves nothing to process: the dead letters stay, and the next run starts again.',
    })
    // The next run does the same work.
    this.function.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) })
    this.function.allow(
      ['sqs:GetQueueAttributes', 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'],
      deadLetters.queueArn,
    )
    this.function.allow(['sqs:GetQueueAttributes', 'sqs:SendMessage'], queue.queueArn)
    this.function.allow(['dynamodb:BatchGetItem', 'dynamodb:Query'], tables.state.tableArn)
    const role = createSchedulerRole(this, this.function, 'Permissions of the schedule that puts dead letters back')
    new Schedule(this, 'Redrives', {
      description: 'Puts dead letters back on the event queue after a recovery',
      schedule: ScheduleExpression.rate(period),
      target: new LambdaInvoke(this.function, { retryAttempts: 0, role }),
    })
  }
}
