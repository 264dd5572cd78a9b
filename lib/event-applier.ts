import { Aws, Duration } from 'aws-cdk-lib'
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager'
import type * as sqs from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import * as metricNames from '../names/metrics.ts'
import { acknowledge } from './acknowledge.ts'
import type { AlertNotifications } from './alert-notifications.ts'
import { concurrencyQuota } from './concurrency-quota.ts'
import { maxReceiveCount } from './event-queues.ts'
import type { EventTables } from './event-tables.ts'
import { NodeFunction } from './node-function.ts'
import type { RoomEventPublication } from './room-event-publication.ts'
import { RunbookAlarm } from './runbook-alarm.ts'
import type { Settings } from './settings.ts'

export interface EventApplierProps {
  readonly queue: sqs.IQueue
  readonly tables: EventTables
  readonly timeout: Duration
  readonly batchingWindow: Duration
  readonly alerts: AlertNotifications
  readonly roomEvents: RoomEventPublication
  readonly checkCodeSecret: secretsmanager.Secret
  readonly settings: Settings
}

/** The function that consumes the event queue: the only writer of the event log and the projections. */
export class EventApplier extends Construct {
  readonly function: NodeFunction

  constructor(scope: Construct, id: string, props: EventApplierProps) {
    super(scope, id)
    const { queue, tables, alerts, roomEvents } = props
    this.function = this.createFunction(props)
    acknowledge(this.function, {
      'Serverless-LambdaEventSourceMappingDestination':
        'Destinations are for streams. Failed messages return to the queue and end up in its dead-letter queue.',
    })
    this.function.addEventSource(
      new SqsEventSource(queue, {
        batchSize: 100,
        maxBatchingWindow: props.batchingWindow,
        reportBatchItemFailures: true,
        maxConcurrency: props.settings.applyConcurrency,
      }),
    )
    this.function.allow(['dynamodb:PutItem', 'dynamodb:GetItem', 'dynamodb:Query'], tables.eventLog.tableArn)
    this.function.allow(
      ['dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:Query'],
      tables.state.tableArn,
    )
    // For callbacks that the receiver could not verify.
    this.function.allow(['secretsmanager:GetSecretValue'], props.checkCodeSecret.secretArn)
    alerts.allowPublish(this.function)
    roomEvents.allowPublish(this.function)
    this.addAlarm(alerts)
  }

  /** The age of the oldest message does not show these: SQS leaves out what was received three times. */
  private addAlarm({ topic }: AlertNotifications): void {
    new RunbookAlarm(this, 'EventsFailing', {
      topic,
      metric: this.function.ownMetric(metricNames.eventsFailed, { period: Duration.minutes(1) }),
      threshold: 1,
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
      impact: {
        chinese: '部分事件反复处理失败：相关房间的状态和通知会延迟。事件会自动重试一天，不会丢失。',
        english:
          'Some events fail repeatedly: the state and the alerts of their rooms are delayed. They are retried for a day; none is lost.',
      },
    })
  }

  private createFunction(props: EventApplierProps): NodeFunction {
    const { queue, tables, timeout, alerts, roomEvents, checkCodeSecret, settings } = props
    return new NodeFunction(this, 'ApplyEvents', {
      service: 'apply-events',
      description:
        'Logs queued events and folds them into the state of rooms, participants, recordings and media servers',
      timeout,
      memoryMb: 1024,
      settings,
      // A warning that it publishes triggers a sweep, whose corrections come back to it.
      isPartOfLoop: true,
      environment: {
        EVENT_LOG_TABLE: tables.eventLog.tableName,
        STATE_TABLE: tables.state.tableName,
        EVENT_QUEUE_URL: queue.queueUrl,
        MAX_RECEIVE_COUNT: String(maxReceiveCount),
        RETENTION_DAYS: String(settings.retentionDays),
        ALERT_WINDOW_MINUTES: String(settings.alertWindowMinutes),
        ALERT_TOPIC_ARN: alerts.topic.topicArn,
        ROOM_EVENT_TOPIC_ARN: roomEvents.topic.topicArn,
        TIME_ZONE: settings.timeZone,
        CHECK_CODE_SECRET_ARN: checkCodeSecret.secretArn,
        ALLOW_UNSIGNED: String(settings.allowUnsigned),
        URL_SUFFIX: Aws.URL_SUFFIX,
      },
      alarms: {
        topic: alerts.topic,
        errors: {
          threshold: 3,
          impact: {
            chinese: '处理事件的函数反复出错：状态和通知会延迟。事件会自动重试，不会丢失。',
            english:
              'The function that applies events keeps failing: state and alerts are delayed. Events are retried; none is lost.',
          },
        },
        throttles: {
          threshold: 10,
          impact: {
            chinese: `${concurrencyQuota.chinese}不足，事件处理变慢：状态和通知会延迟。`,
            english: `Events are applied slowly because ${concurrencyQuota.english} is used up: state and alerts are delayed.`,
          },
        },
      },
    })
  }
}
