import type { Duration } from 'aws-cdk-lib'
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import type * as sqs from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { acknowledge } from './acknowledge.ts'
import type { AlertTopic } from './alert-topic.ts'
import type { EventTables } from './event-tables.ts'
import { NodeFunction } from './node-function.ts'
import type { RoomEventTopic } from './room-event-topic.ts'
import type { Settings } from './settings.ts'

export interface EventApplierProps {
  readonly queue: sqs.IQueue
  readonly tables: EventTables
  readonly timeout: Duration
  readonly batchingWindow: Duration
  readonly alerts: AlertTopic
  readonly roomEvents: RoomEventTopic
  readonly settings: Settings
}

/** The one writer of the log and the state. */
export class EventApplier extends Construct {
  readonly function: NodeFunction

  constructor(scope: Construct, id: string, props: EventApplierProps) {
    super(scope, id)
    const { queue, tables, alerts, roomEvents, settings } = props
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
        ALERT_TOPIC_ARN: alerts.topic.topicArn,
        ROOM_EVENT_TOPIC_ARN: roomEvents.topic.topicArn,
        TIME_ZONE: settings.timeZone,
      },
      alertTopic: alerts.topic,
      errors: {
        threshold: 3,
        impact: {
          chinese: '处理事件的函数反复出错: 状态和通知会落后, 事件会重试, 没有丢失。',
          english:
            'The function that applies events keeps failing: state and alerts fall behind. Events are tried again, nothing is lost.',
        },
      },
      throttles: {
        threshold: 10,
        impact: {
          chinese: '账号的并发额度不足, 事件处理变慢: 状态和通知会落后。',
          english:
            'The concurrency of the account is used up and events are applied slowly: state and alerts fall behind.',
        },
      },
    })
    acknowledge(this.function, {
      'Serverless-LambdaEventSourceMappingDestination':
        'Destinations are for streams. What fails here comes again from the queue, and ends among its dead messages.',
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
    alerts.allowPublish(this.function)
    roomEvents.allowPublish(this.function)
  }
}
