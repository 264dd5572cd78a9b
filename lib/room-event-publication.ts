import type * as lambda from 'aws-cdk-lib/aws-lambda'
import * as sns from 'aws-cdk-lib/aws-sns'
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Construct } from 'constructs'
import type { NodeFunction } from './node-function.ts'
import type { TopicKey } from './topic-key.ts'

/** The topic that publishes every applied event to programs. Subscriptions are optional. */
export class RoomEventPublication extends Construct {
  readonly topic: sns.Topic
  private readonly topicKey: TopicKey

  constructor(scope: Construct, id: string, { topicKey }: { readonly topicKey: TopicKey }) {
    super(scope, id)
    this.topicKey = topicKey
    this.topic = new sns.Topic(this, 'RoomEvents', { enforceSSL: true, masterKey: topicKey.key })
  }

  /** Invokes the function for every warning of the platform, and for no other event. */
  onWarning(subscriber: lambda.IFunction): void {
    this.topic.addSubscription(
      new LambdaSubscription(subscriber, {
        filterPolicy: { event: sns.SubscriptionFilter.stringFilter({ allowlist: ['warning_notify'] }) },
      }),
    )
  }

  allowPublish(publisher: NodeFunction): void {
    publisher.allow(['sns:Publish'], this.topic.topicArn)
    this.topicKey.allowPublish(publisher)
  }
}
