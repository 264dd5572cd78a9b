import * as sns from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import type { NodeFunction } from './node-function.ts'

/** Where programs hear what happens in the rooms. Nobody need subscribe. */
export class RoomEventTopic extends Construct {
  readonly topic: sns.Topic

  constructor(scope: Construct, id: string) {
    super(scope, id)
    this.topic = new sns.Topic(this, 'RoomEvents', { enforceSSL: true })
  }

  allowPublish(publisher: NodeFunction): void {
    publisher.allow(['sns:Publish'], this.topic.topicArn)
  }
}
