import * as sns from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import type { NodeFunction } from './node-function.ts'

/** Where what people have to know is said. */
export class AlertTopic extends Construct {
  readonly topic: sns.Topic

  constructor(scope: Construct, id: string) {
    super(scope, id)
    this.topic = new sns.Topic(this, 'Alerts', { displayName: 'Northbound', enforceSSL: true })
  }

  allowPublish(publisher: NodeFunction): void {
    publisher.allow(['sns:Publish'], this.topic.topicArn)
  }
}
