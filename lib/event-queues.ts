import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import type * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch'
import type * as sns from 'aws-cdk-lib/aws-sns'
import * as sqs from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { acknowledge } from './acknowledge.ts'
import { RunbookAlarm } from './runbook-alarm.ts'

export interface EventQueuesProps {
  /** Timeout of the function that consumes the queue. */
  readonly consumerTimeout: Duration
  /** How long the event source mapping waits to fill a batch. */
  readonly batchingWindow: Duration
  readonly alertTopic: sns.ITopic
}

/** SQS's limit. The default differs between its documents: 256 KB or 1 MiB. An event has up to 350,000 bytes. */
const maxMessageSizeBytes = 1_048_576

/**
 * How often a message is received before it becomes a dead letter. With the delays between receives, 5 s doubling to 5 min,
 * a message is retried for a day (docs/decisions/0037).
 */
export const maxReceiveCount = 300

/**
 * The queue between the receiver and the applier, and its dead-letter queue.
 *
 * The queue is not FIFO: the fold orders events itself, and a FIFO queue with one message group per room would process the
 * events of a room one batch at a time. It is a fair queue: each message has the message group of its room (docs/decisions/0028).
 */
export class EventQueues extends Construct {
  readonly queue: sqs.Queue
  readonly deadLetters: sqs.Queue

  constructor(scope: Construct, id: string, { consumerTimeout, batchingWindow, alertTopic }: EventQueuesProps) {
    super(scope, id)
    this.deadLetters = new sqs.Queue(this, 'DeadLetterQueue', {
      // Longer than the retention of the event queue: a message keeps its age when it is moved here.
      retentionPeriod: Duration.days(14),
      maxMessageSizeBytes,
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    })
    acknowledge(this.deadLetters, { 'Serverless-SQSRedrivePolicy': 'This is the dead-letter queue.' })
    this.queue = new sqs.Queue(this, 'Events', {
      retentionPeriod: Duration.days(10),
      maxMessageSizeBytes,
      // AWS's recommendation for event source mappings: six times the function's timeout plus the batching window.
      visibilityTimeout: Duration.seconds(6 * consumerTimeout.toSeconds() + batchingWindow.toSeconds()),
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount },
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    })
    this.addAlarms(alertTopic)
  }

  /** A metric of fair queues, for which CDK has no methods. The default statistic is the maximum. */
  metricFairQueue(
    name:
      | 'ApproximateNumberOfNoisyGroups'
      | 'ApproximateNumberOfMessagesVisibleInQuietGroups'
      | 'ApproximateAgeOfOldestMessageInQuietGroups',
    options: cloudwatch.MetricOptions,
  ): cloudwatch.Metric {
    return this.queue.metric(name, { statistic: 'Maximum', ...options })
  }

  private addAlarms(topic: sns.ITopic): void {
    const period = Duration.minutes(1)
    new RunbookAlarm(this, 'DeadLetters', {
      topic,
      metric: this.deadLetters.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' }),
      threshold: 1,
      // Dead letters are hidden for a moment while they are examined, which is no recovery.
      evaluationPeriods: 5,
      datapointsToAlarm: 1,
      impact: {
        chinese:
          '有事件处理失败，已转入死信队列，状态可能不完整。故障恢复后，每个事件会自动重新投递一次；仍未处理的需要人工处理。队列中的事件保留 14 天。',
        english:
          'Events could not be processed and are in the dead-letter queue; the state may be incomplete. Each is put back once by itself after a recovery; what stays needs an operator. They are kept for 14 days.',
      },
    })
    new RunbookAlarm(this, 'OldestQuietMessage', {
      topic,
      metric: this.metricFairQueue('ApproximateAgeOfOldestMessageInQuietGroups', { period }),
      threshold: 300,
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
      impact: {
        chinese: '事件处理延迟超过 5 分钟：查询结果和通知不是最新的。事件没有丢失。',
        english:
          'Events are applied more than five minutes late: query results and alerts are out of date. No event is lost.',
      },
    })
    // Covers what the alarm above does not see: if few rooms are active, all of them may count as noisy.
    new RunbookAlarm(this, 'OldestMessage', {
      topic,
      metric: this.queue.metricApproximateAgeOfOldestMessage({ period, statistic: 'Maximum' }),
      threshold: 900,
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
      impact: {
        chinese: '至少一个繁忙房间的事件处理延迟超过 15 分钟：其查询结果和通知不是最新的。事件没有丢失。',
        english:
          'Events of at least one busy room are applied more than 15 minutes late: its query results and alerts are out of date. No event is lost.',
      },
    })
  }
}
