import { Aws, Duration, SecretValue } from 'aws-cdk-lib'
import * as iam from 'aws-cdk-lib/aws-iam'
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler'
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets'
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager'
import type * as sqs from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { acknowledge } from './acknowledge.ts'
import { Alarm } from './alarm.ts'
import type { AlertTopic } from './alert-topic.ts'
import type { EventTables } from './event-tables.ts'
import { NodeFunction } from './node-function.ts'
import { placeInVpc } from './place-in-vpc.ts'
import type { Settings } from './settings.ts'

export interface ReconcilerProps {
  readonly queue: sqs.IQueue
  readonly tables: EventTables
  readonly alerts: AlertTopic
  readonly settings: Settings
}

/** Asks the platform on a schedule what is really open, and sends corrections down the road of all events. */
export class Reconciler extends Construct {
  readonly function: NodeFunction
  readonly avdSecret: secretsmanager.Secret

  constructor(scope: Construct, id: string, { queue, tables, alerts, settings }: ReconcilerProps) {
    super(scope, id)
    this.avdSecret = new secretsmanager.Secret(this, 'Avd', {
      description:
        'How to ask the platform: {"base_url", "access_key", "secret_key", "ca_pem", "list_paths"}; empty: not at all',
      // Filled in by hand after the deployment; empty, it holds no secret.
      secretObjectValue: {
        base_url: SecretValue.unsafePlainText(''),
        access_key: SecretValue.unsafePlainText(''),
        secret_key: SecretValue.unsafePlainText(''),
      },
    })
    acknowledge(this.avdSecret, {
      'AwsSolutions-SMG4':
        'The platform gives out these keys and has no call to change them; whoever changes them there, changes them here.',
    })
    this.function = new NodeFunction(this, 'ReconcileRooms', {
      folder: 'reconcile-rooms',
      description: 'Compares the rooms we hold open with the list of the platform',
      // Less than the shortest schedule, so that one sweep is over before the next.
      timeout: Duration.seconds(55),
      memorySize: 1024,
      environment: {
        EVENT_QUEUE_URL: queue.queueUrl,
        STATE_TABLE: tables.state.tableName,
        AVD_SECRET_ARN: this.avdSecret.secretArn,
        ALERT_TOPIC_ARN: alerts.topic.topicArn,
        AVD_BASE_URL: settings.avdBaseUrl,
        SWEEP_GRACE_SECONDS: String(settings.sweepGraceSeconds),
        URL_SUFFIX: Aws.URL_SUFFIX,
        TIME_ZONE: settings.timeZone,
      },
      alertTopic: alerts.topic,
      errors: {
        threshold: 3,
        impact: {
          chinese: '对账函数反复出错: 媒体服务器崩溃后遗留的房间和人员不会被纠正。',
          english:
            'The function that reconciles keeps failing: what a crashed media server left behind is not corrected.',
        },
      },
      throttles: {
        threshold: 3,
        impact: {
          chinese: '账号的并发额度不足, 对账没有运行: 遗留的房间和人员不会被纠正。',
          english:
            'The concurrency of the account is used up and sweeps do not run: what a crash left behind is not corrected.',
        },
      },
    })
    acknowledge(this.function, {
      'Serverless-LambdaAsyncFailureDestination':
        'A sweep that failed has nothing to hand on: the next one asks the platform anew, and failures in a row raise an alarm.',
      'Serverless-SNSRedrivePolicy':
        'A warning only makes a sweep come earlier: where it does not arrive, the schedule sweeps within the minute.',
    })
    // Lambda itself would repeat a failed invocation of the scheduler twice; the next sweep is the retry.
    this.function.configureAsyncInvoke({ retryAttempts: 0 })
    this.function.allow(['sqs:SendMessage'], queue.queueArn)
    this.function.allow(['secretsmanager:GetSecretValue'], this.avdSecret.secretArn)
    this.function.allow(
      ['dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:UpdateItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem'],
      tables.state.tableArn,
    )
    this.function.allow(['dynamodb:Query'], tables.listingIndexArn)
    alerts.allowPublish(this.function)
    placeInVpc(this.function, settings)
    // A box in trouble is looked at once, not at the next turn of the clock.
    alerts.onWarning(this.function)

    new Schedule(this, 'Sweeps', {
      description: 'Reconciles the state with the room list of the platform',
      schedule: ScheduleExpression.rate(Duration.minutes(settings.sweepMinutes)),
      target: new LambdaInvoke(this.function, { retryAttempts: 0, role: this.schedulerRole() }),
    })
    this.addAlarms(alerts, Duration.minutes(settings.sweepMinutes))
  }

  /** Of the scheduler: the target's own would also grant every version and alias of the function. */
  private schedulerRole(): iam.IRole {
    const role = new iam.Role(this, 'SchedulerRole', {
      assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': Aws.ACCOUNT_ID } },
      }),
      description: 'What the schedule of the sweeps may call',
    })
    role.addToPolicy(
      new iam.PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [this.function.functionArn] }),
    )
    return role.withoutPolicyUpdates()
  }

  private addAlarms(alerts: AlertTopic, period: Duration): void {
    new Alarm(this, 'SweepsFailing', {
      topic: alerts.topic,
      metric: this.function.ownMetric('SweepFailures', { period }),
      threshold: 1,
      // The function itself tells of the third failure, with its reason; this says that it did not pass.
      evaluationPeriods: 10,
      impact: {
        chinese: '连续 10 个周期对账失败: 无法从平台取得房间列表, 遗留的房间和人员不会被纠正。',
        english:
          'Sweeps have failed for ten periods: the platform gives no list, and what a crash left behind is not corrected.',
      },
    })
    new Alarm(this, 'Drift', {
      topic: alerts.topic,
      metric: this.function.ownMetric('DriftFound', { period, statistic: 'Maximum' }),
      threshold: 20,
      evaluationPeriods: 3,
      impact: {
        chinese: '平台的房间列表与已记录的状态连续多次相差 20 处以上: 媒体服务器可能刚刚崩溃, 或回调没有到达。',
        english:
          'The room list of the platform differs from our state in 20 or more places, again and again: a media server may have crashed, or callbacks do not arrive.',
      },
    })
  }
}
