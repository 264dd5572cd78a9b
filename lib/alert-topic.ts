import { Aws, Duration, Stack } from 'aws-cdk-lib'
import * as iam from 'aws-cdk-lib/aws-iam'
import type * as lambda from 'aws-cdk-lib/aws-lambda'
import * as sns from 'aws-cdk-lib/aws-sns'
import { EmailSubscription, LambdaSubscription, SmsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Construct } from 'constructs'
import { acknowledge } from './acknowledge.ts'
import { Alarm } from './alarm.ts'
import type { NodeFunction } from './node-function.ts'
import type { Settings } from './settings.ts'
import type { TopicKey } from './topic-key.ts'

export interface AlertTopicProps {
  readonly topicKey: TopicKey
  readonly settings: Pick<Settings, 'alertEmails' | 'alertPhones'>
}

/** Where what people have to know is said, and who hears it. */
export class AlertTopic extends Construct {
  readonly topic: sns.Topic
  private readonly topicKey: TopicKey

  constructor(scope: Construct, id: string, { topicKey, settings }: AlertTopicProps) {
    super(scope, id)
    this.topicKey = topicKey
    // The name is the sender of e-mails, and stands before each text message, whose 70 characters it is part of.
    this.topic = new sns.Topic(this, 'Alerts', { displayName: 'AVD', enforceSSL: true, masterKey: topicKey.key })
    acknowledge(this.topic, {
      'Serverless-SNSRedrivePolicy':
        'Of a message that a person does not get, the alarm NotificationsFailed tells the others; a queue of e-mails that failed would be read by nobody.',
    })
    // With a policy of its own a topic no longer takes the alarms of its account by itself.
    this.topic.addToResourcePolicy(
      new iam.PolicyStatement({
        sid: 'AlarmsOfThisAccount',
        principals: [new iam.ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [this.topic.topicArn],
        conditions: {
          StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID },
          ArnLike: {
            'aws:SourceArn': Stack.of(this).formatArn({ service: 'cloudwatch', resource: 'alarm:*' }),
          },
        },
      }),
    )
    for (const address of settings.alertEmails) this.topic.addSubscription(new EmailSubscription(address))
    for (const number of settings.alertPhones) this.topic.addSubscription(new SmsSubscription(number))
    new Alarm(this, 'NotificationsFailed', {
      topic: this.topic,
      metric: this.topic.metricNumberOfNotificationsFailed({ period: Duration.minutes(5) }),
      threshold: 1,
      impact: {
        chinese: '有告警没有送达: 某个邮箱或手机号收不到通知。',
        english: 'An alert did not arrive: somebody is not told by e-mail or text message.',
      },
    })
  }

  allowPublish(publisher: NodeFunction): void {
    publisher.allow(['sns:Publish'], this.topic.topicArn)
    this.topicKey.allowPublish(publisher)
  }

  /** Calls the function at each alert that a warning of the platform made, and at no other message. */
  onWarning(subscriber: lambda.IFunction): void {
    this.topic.addSubscription(
      new LambdaSubscription(subscriber, {
        filterPolicy: { kind: sns.SubscriptionFilter.stringFilter({ allowlist: ['port_check', 'warning'] }) },
      }),
    )
  }
}
