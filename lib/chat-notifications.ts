import { Aws, Duration, RemovalPolicy, SecretValue } from 'aws-cdk-lib'
import * as iam from 'aws-cdk-lib/aws-iam'
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources'
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager'
import type * as sns from 'aws-cdk-lib/aws-sns'
import type * as sqs from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import * as chatState from '../names/chat-state.ts'
import * as metricNames from '../names/metrics.ts'
import { acknowledge } from './acknowledge.ts'
import { concurrencyQuota } from './concurrency-quota.ts'
import type { EventTables } from './event-tables.ts'
import { NodeFunction } from './node-function.ts'
import { placeInVpc } from './place-in-vpc.ts'
import { RunbookAlarm } from './runbook-alarm.ts'
import type { Settings } from './settings.ts'

export interface ChatNotificationsProps {
  readonly queue: sqs.IQueue
  readonly timeout: Duration
  readonly batchingWindow: Duration
  readonly alertTopic: sns.ITopic
  readonly tables: EventTables
  readonly consoleUrl: string
  readonly settings: Settings
}

/** Concurrent batches. Lambda's minimum: a robot takes few messages a minute. */
const maxConcurrency = 2

/** The function that sends alerts to the group robots of WeCom, DingTalk and Feishu, and the secret with their URLs. */
export class ChatNotifications extends Construct {
  readonly function: NodeFunction
  readonly secret: secretsmanager.Secret
  readonly queue: sqs.IQueue

  constructor(scope: Construct, id: string, props: ChatNotificationsProps) {
    super(scope, id)
    const { queue, alertTopic, tables, settings } = props
    this.queue = queue
    this.secret = this.createSecret()
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
        maxConcurrency,
      }),
    )
    this.function.allow(['sqs:SendMessage'], queue.queueArn)
    this.function.allow(['secretsmanager:GetSecretValue'], this.secret.secretArn)
    this.allowState(tables.state.tableArn)
    placeInVpc(this.function, settings)
    this.addAlarm(alertTopic)
  }

  private createSecret(): secretsmanager.Secret {
    const secret = new secretsmanager.Secret(this, 'Robots', {
      description:
        'The group robots: {"wecom": [url], "dingtalk": [{"url", "secret"}], "feishu": [{"url", "secret"}], "language"}; empty: none',
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      // Operators fill it in after the deployment; the empty lists contain no secret.
      secretStringValue: SecretValue.unsafePlainText(
        JSON.stringify({ wecom: [], dingtalk: [], feishu: [], language: 'both' }),
      ),
    })
    acknowledge(secret, {
      'AwsSolutions-SMG4':
        'The chat services issue these URLs and have no API to rotate them; operators who change them there update this secret.',
    })
    return secret
  }

  /** The function may read and write what is known about the robots, and nothing else in the table. */
  private allowState(stateTableArn: string): void {
    this.function.addToRolePolicy(
      new iam.PolicyStatement({
        actions: ['dynamodb:UpdateItem', 'dynamodb:BatchGetItem'],
        resources: [stateTableArn],
        conditions: {
          'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': [chatState.group] },
          // ForAllValues also holds for a request without keys.
          Null: { 'dynamodb:LeadingKeys': 'false' },
        },
      }),
    )
  }

  private createFunction(props: ChatNotificationsProps): NodeFunction {
    const { queue, timeout, alertTopic, tables, consoleUrl, settings } = props
    return new NodeFunction(this, 'NotifyChat', {
      service: 'notify-chat',
      description: 'Sends alerts to the group robots of WeCom, DingTalk and Feishu',
      timeout,
      memoryMb: 512,
      settings,
      // It puts messages on its own queue, and an alert may come from a long chain of sweeps.
      isPartOfLoop: true,
      environment: {
        CHAT_QUEUE_URL: queue.queueUrl,
        CHAT_SECRET_ARN: this.secret.secretArn,
        CHAT_HOSTS: settings.chatHosts.join(','),
        STATE_TABLE: tables.state.tableName,
        CONSOLE_URL: consoleUrl,
        TIME_ZONE: settings.timeZone,
        URL_SUFFIX: Aws.URL_SUFFIX,
      },
      alarms: {
        topic: alertTopic,
        errors: {
          threshold: 3,
          impact: {
            chinese: '向群机器人发送告警的函数反复出错：告警会迟到，或重复出现在群里。告警会自动重试一天。',
            english:
              'The function that sends alerts to the group robots keeps failing: alerts are late, or appear twice in a group. They are retried for a day.',
          },
        },
        throttles: {
          threshold: 10,
          impact: {
            chinese: `${concurrencyQuota.chinese}不足：群机器人的告警会迟到。告警会自动重试，不会丢失。`,
            english: `Alerts reach the group robots late because ${concurrencyQuota.english} is used up. They are retried; none is lost.`,
          },
        },
      },
    })
  }

  /** Through the other channels, and to the robots that do take messages. */
  private addAlarm(topic: sns.ITopic): void {
    new RunbookAlarm(this, 'ChatRefused', {
      topic,
      metric: this.function.ownMetric(metricNames.robotsUnavailable, { period: Duration.minutes(5) }),
      threshold: 1,
      // A robot is tried every five minutes at most, so that a period may be empty.
      evaluationPeriods: 3,
      datapointsToAlarm: 1,
      impact: {
        chinese:
          '至少一个群机器人拒收告警，或已有 15 分钟无法送达：对应的群收不到告警。其他群、邮件和短信不受影响。未送达的告警会自动重试一天。',
        english:
          'At least one group robot refuses alerts, or has taken none for 15 minutes: its group gets no alerts. Other groups, e-mail and SMS are not affected. What was not delivered is retried for a day.',
      },
    })
  }
}
