import type { Duration } from 'aws-cdk-lib'
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import type * as sqs from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { Settings } from './context.ts'
import type { EventTables } from './event-tables.ts'
import { NodeFunction } from './node-function.ts'

export interface EventApplierProps {
  readonly queue: sqs.IQueue
  readonly tables: EventTables
  readonly timeout: Duration
  readonly batchingWindow: Duration
  readonly settings: Settings
}

/** The one writer of the log and the state. */
export class EventApplier extends Construct {
  readonly function: NodeFunction

  constructor(scope: Construct, id: string, props: EventApplierProps) {
    super(scope, id)
    const { queue, tables, settings } = props
    this.function = new NodeFunction(this, 'ApplyEvents', {
      folder: 'apply-events',
      description: 'Logs queued events and folds them into the state of rooms, people, recordings and boxes',
      timeout: props.timeout,
      memorySize: 1024,
      environment: {
        EVENT_LOG_TABLE: tables.eventLog.tableName,
        STATE_TABLE: tables.state.tableName,
        RETENTION_DAYS: String(settings.retentionDays),
        ALERT_WINDOW_MINUTES: String(settings.alertWindowMinutes),
      },
    })
    this.function.addEventSource(
      new SqsEventSource(queue, {
        batchSize: 100,
        maxBatchingWindow: props.batchingWindow,
        reportBatchItemFailures: true,
        maxConcurrency: 20,
      }),
    )
    this.function.allow(
      ['dynamodb:PutItem', 'dynamodb:GetItem', 'dynamodb:UpdateItem', 'dynamodb:Query'],
      tables.eventLog.tableArn,
    )
    this.function.allow(
      ['dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:Query'],
      tables.state.tableArn,
    )
  }
}
