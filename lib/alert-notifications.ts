import { Aws, Duration, Stack } from 'aws-cdk-lib'
import * as iam from 'aws-cdk-lib/aws-iam'
import * as sns from 'aws-cdk-lib/aws-sns'
import { EmailSubscription, SmsSubscription } from 'aws-cdk-lib/aws-sns-subscriptions'
import { Construct } from 'constructs'
import { acknowledge } from './acknowledge.ts'
import type { NodeFunction } from './node-function.ts'
import { RunbookAlarm } from './runbook-alarm.ts'
import type { Settings } from './settings.ts'
import type { TopicKey } from './topic-key.ts'

export interface AlertNotificationsProps {
  readonly topicKey: TopicKey
  readonly settings: Pick<Settings, 'alertEmails' | 'alertPhones'>
}

/** The alert topic and its e-mail and SMS subscriptions. */
export class AlertNotifications extends Construct {
  readonly topic: sns.Topic
  private readonly topicKey: TopicKey

  constructor(scope: Construct, id: string, { topicKey, settings }: AlertNotificationsProps) {
    super(scope, id)
    this.topicKey = topicKey
    // The display name is the sender of e-mails. SNS also prefixes it to each SMS, where it counts towards the 70 characters.
    this.topic = new sns.Topic(this, 'Alerts', { displayName: 'AVD', enforceSSL: true, masterKey: topicKey.key })
    acknowledge(this.topic, {
      'Serverless-SNSRedrivePolicy':
        'The alarm NotificationsFailed reports undelivered messages. A dead-letter queue would hold e-mails that no process reads.',
    })
    this.allowAlarmsOfAccount()
    for (const address of settings.alertEmails) this.topic.addSubscription(new EmailSubscription(address))
    for (const number of settings.alertPhones) this.topic.addSubscription(new SmsSubscription(number))
    new RunbookAlarm(this, 'NotificationsFailed', {
      topic: this.topic,
      metric: this.topic.metricNumberOfNotificationsFailed({ period: Duration.minutes(5) }),
      threshold: 1,
      impact: {
        chinese: '有告警未能送达：至少一个邮箱或手机号没有收到通知。',
        english: 'An alert was not delivered: at least one e-mail address or phone number did not receive it.',
      },
    })
  }

  allowPublish(publisher: NodeFunction): void {
    publisher.allow(['sns:Publish'], this.topic.topicArn)
    this.topicKey.allowPublish(publisher)
  }

  /** `enforceSSL` adds a topic policy, which replaces SNS's default one that lets CloudWatch publish. */
  private allowAlarmsOfAccount(): void {
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
  }
}
