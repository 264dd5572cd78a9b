import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import type * as sns from 'aws-cdk-lib/aws-sns'
import * as sqs from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { acknowledge } from './acknowledge.ts'
import { Alarm } from './alarm.ts'

export interface EventQueueProps {
  /** The longest a consumer may work on one batch. */
  readonly consumerTimeout: Duration
  /** How long the consumer waits to fill a batch. */
  readonly batchingWindow: Duration
  readonly alertTopic: sns.ITopic
}

/**
 * The road between the callback and the state: a standard queue and its dead messages.
 *
 * Standard, not FIFO: the fold puts events in order itself, so the queue need not, and a FIFO group per
 * room would make one slow room wait for itself.
 */
export class EventQueue extends Construct {
  readonly queue: sqs.Queue
  readonly deadLetters: sqs.Queue

  constructor(scope: Construct, id: string, props: EventQueueProps) {
    super(scope, id)
    this.deadLetters = new sqs.Queue(this, 'DeadLetterQueue', {
      // Longer than the queue's own: a message keeps its age when it moves here.
      retentionPeriod: Duration.days(14),
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
    })
    acknowledge(this.deadLetters, {
      'Serverless-SQSRedrivePolicy': 'These are the dead messages.',
    })
    this.queue = new sqs.Queue(this, 'Events', {
      retentionPeriod: Duration.days(10),
      // AWS's rule for event source mappings: six times the function's timeout, plus the window.
      visibilityTimeout: Duration.seconds(6 * props.consumerTimeout.toSeconds() + props.batchingWindow.toSeconds()),
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: 5 },
      removalPolicy: RemovalPolicy.RETAIN,
    })
    const period = Duration.minutes(1)
    new Alarm(this, 'DeadLetters', {
      topic: props.alertTopic,
      metric: this.deadLetters.metricApproximateNumberOfMessagesVisible({ period, statistic: 'Maximum' }),
      threshold: 1,
      impact: {
        chinese: '有事件处理失败, 已放入死信队列, 状态可能不完整。事件保留 14 天, 可以重新投递。',
        english:
          'Events could not be processed and wait among the dead messages; the state may be incomplete. They are kept for 14 days and can be put back.',
      },
    })
    new Alarm(this, 'OldestMessage', {
      topic: props.alertTopic,
      metric: this.queue.metricApproximateAgeOfOldestMessage({ period, statistic: 'Maximum' }),
      threshold: 300,
      evaluationPeriods: 5,
      impact: {
        chinese: '事件处理落后 5 分钟以上: 查询结果和通知不是最新的。事件没有丢失。',
        english: 'Events are applied more than five minutes late: answers and alerts are behind. Nothing is lost.',
      },
    })
  }
}
