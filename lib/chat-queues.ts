import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import type * as sns from 'aws-cdk-lib/aws-sns'
import { SqsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import * as sqs from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { acknowledge } from './acknowledge.ts'
import { maxReceiveCount } from './event-queues.ts'
import { RunbookAlarm } from './runbook-alarm.ts'

export interface ChatQueuesProps {
  readonly alertTopic: sns.Topic
  /** Timeout of the function that consumes the queue. */
  readonly consumerTimeout: Duration
  /** How long the event source mapping waits to fill a batch. */
  readonly batchingWindow: Duration
}

/** An alert has up to 256 KB. Within a message for a robot it is a JSON string, which escapes some characters. */
const maxMessageSizeBytes = 1_048_576

/**
 * The queue of alerts for the group robots, which receives everything on the alert topic, and its dead-letter queue. Both are deleted
 * with the construct: old alerts are of no use.
 */
export class ChatQueues extends Construct {
  readonly queue: sqs.Queue
  readonly deadLetters: sqs.Queue

  constructor(scope: Construct, id: string, { alertTopic, consumerTimeout, batchingWindow }: ChatQueuesProps) {
    super(scope, id)
    const common = {
      maxMessageSizeBytes,
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.DESTROY,
    }
    this.deadLetters = new sqs.Queue(this, 'DeadLetterQueue', { ...common, retentionPeriod: Duration.days(14) })
    acknowledge(this.deadLetters, { 'Serverless-SQSRedrivePolicy': 'This is the dead-letter queue.' })
    this.queue = new sqs.Queue(this, 'Alerts', {
      ...common,
      // Longer than the retries take, even if a robot asks for its longest pause each time.
      retentionPeriod: Duration.days(13),
      visibilityTimeout: Duration.seconds(6 * consumerTimeout.toSeconds() + batchingWindow.toSeconds()),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount },
    })
    acknowledge(this.queue, {
      'Serverless-SNSRedrivePolicy':
        'SNS retries the delivery to a queue for 23 days, and the alarm NotificationsFailed reports what it gives up.',
    })
    alertTopic.addSubscription(new SqsSubscription(this.queue, { rawMessageDelivery: true }))
    new RunbookAlarm(this, 'ChatDeadLetters', {
      topic: alertTopic,
      metric: this.deadLetters.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(1),
        statistic: 'Maximum',
      }),
      threshold: 1,
      evaluationPeriods: 5,
      datapointsToAlarm: 1,
      impact: {
        chinese:
          '有告警在一天内都未能发到群机器人，已转入死信队列：至少一个群没有收到这些告警。队列中的告警保留 14 天。',
        english:
          'Alerts could not be sent to a group robot for a day and are in the dead-letter queue: at least one group has not received them. They are kept for 14 days.',
      },
    })
  }
}
