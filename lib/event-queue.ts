import { Duration, RemovalPolicy } from 'aws-cdk-lib'
import * as sqs from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'

export interface EventQueueProps {
  /** The longest a consumer may work on one batch. */
  readonly consumerTimeout: Duration
  /** How long the consumer waits to fill a batch. */
  readonly batchingWindow: Duration
}

/**
 * The road between the callback and the state: a standard queue and its dead letters.
 *
 * Standard, not FIFO: the fold puts events in order itself, so the queue need not, and a FIFO group per
 * room would make one slow room wait for itself.
 */
export class EventQueue extends Construct {
  readonly queue: sqs.Queue
  readonly deadLetters: sqs.Queue

  constructor(scope: Construct, id: string, props: EventQueueProps) {
    super(scope, id)
    this.deadLetters = new sqs.Queue(this, 'DeadLetters', {
      // Longer than the queue's own: a message keeps its age when it moves here.
      retentionPeriod: Duration.days(14),
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.RETAIN,
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
  }
}
