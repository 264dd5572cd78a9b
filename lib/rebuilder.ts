import { Duration } from 'aws-cdk-lib'
import type * as sqs from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { EventTables } from './event-tables.ts'
import { NodeFunction } from './node-function.ts'
import type { Settings } from './settings.ts'

export interface RebuilderProps {
  readonly queue: sqs.IQueue
  readonly tables: EventTables
  readonly settings: Settings
}

/** The function that operators invoke to compare the state with the log and to have it rebuilt. Nothing else invokes it. */
export class Rebuilder extends Construct {
  readonly function: NodeFunction

  constructor(scope: Construct, id: string, { queue, tables, settings }: RebuilderProps) {
    super(scope, id)
    this.function = new NodeFunction(this, 'Rebuild', {
      service: 'rebuild',
      description: 'Compares the state with the event log, reports differences, and has them repaired',
      // The AWS CLI waits a minute for a response.
      timeout: Duration.seconds(55),
      memoryMb: 1024,
      settings,
      environment: {
        EVENT_LOG_TABLE: tables.eventLog.tableName,
        STATE_TABLE: tables.state.tableName,
        EVENT_QUEUE_URL: queue.queueUrl,
        RETENTION_DAYS: String(settings.retentionDays),
        ALERT_WINDOW_MINUTES: String(settings.alertWindowMinutes),
        TIME_ZONE: settings.timeZone,
      },
    })
    this.function.allow(['dynamodb:Scan', 'dynamodb:Query'], tables.eventLog.tableArn)
    this.function.allow(['dynamodb:Query'], tables.timelineIndexArn)
    this.function.allow(['dynamodb:BatchGetItem', 'dynamodb:Query'], tables.state.tableArn)
    this.function.allow(['sqs:SendMessage'], queue.queueArn)
  }
}
