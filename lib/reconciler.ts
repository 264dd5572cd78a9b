import { Aws, Duration, RemovalPolicy, SecretValue } from 'aws-cdk-lib'
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler'
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets'
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager'
import type * as sns from 'aws-cdk-lib/aws-sns'
import type * as sqs from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import * as metricNames from '../names/metrics.ts'
import { acknowledge } from './acknowledge.ts'
import type { AlertNotifications } from './alert-notifications.ts'
import { concurrencyQuota } from './concurrency-quota.ts'
import type { EventTables } from './event-tables.ts'
import { NodeFunction } from './node-function.ts'
import { placeInVpc } from './place-in-vpc.ts'
import type { RoomEventPublication } from './room-event-publication.ts'
import { RunbookAlarm } from './runbook-alarm.ts'
import { createSchedulerRole } from './scheduler-role.ts'
import type { Settings } from './settings.ts'

export interface ReconcilerProps {
  readonly queue: sqs.IQueue
  readonly tables: EventTables
  readonly alerts: AlertNotifications
  readonly roomEvents: RoomEventPublication
  readonly settings: Settings
}

/** The function that compares the state with the platform's room list on a schedule and enqueues corrections. */
export class Reconciler extends Construct {
  readonly function: NodeFunction
  readonly avdSecret: secretsmanager.Secret

  constructor(scope: Construct, id: string, props: ReconcilerProps) {
    super(scope, id)
    const { queue, tables, alerts, roomEvents, settings } = props
    this.avdSecret = this.createAvdSecret()
    this.function = this.createFunction(props)
    // Lambda would retry a failed asynchronous invocation twice, and keep one that it cannot run for six hours. The next
    // sweep does the same work.
    this.function.configureAsyncInvoke({ retryAttempts: 0, maxEventAge: Duration.minutes(1) })
    this.function.allow(['sqs:SendMessage', 'sqs:GetQueueAttributes'], queue.queueArn)
    this.function.allow(['secretsmanager:GetSecretValue'], this.avdSecret.secretArn)
    this.function.allow(
      ['dynamodb:BatchGetItem', 'dynamodb:Query', 'dynamodb:UpdateItem', 'dynamodb:PutItem', 'dynamodb:DeleteItem'],
      tables.state.tableArn,
    )
    this.function.allow(['dynamodb:Query'], tables.listingIndexArn, tables.timelineIndexArn)
    alerts.allowPublish(this.function)
    placeInVpc(this.function, settings)
    // Every warning triggers a sweep at once, without waiting for the schedule; alerts suppress repeated warnings.
    roomEvents.onWarning(this.function)

    const period = Duration.minutes(settings.sweepMinutes)
    const role = createSchedulerRole(this, this.function, 'Permissions of the sweep schedule')
    new Schedule(this, 'Sweeps', {
      description: "Reconciles the state with the platform's room list",
      schedule: ScheduleExpression.rate(period),
      target: new LambdaInvoke(this.function, { retryAttempts: 0, role }),
    })
    this.addAlarms(alerts.topic, period)
  }

  private createAvdSecret(): secretsmanager.Secret {
    const secret = new secretsmanager.Secret(this, 'Avd', {
      description:
        'Access to the platform\'s API: {"base_url", "access_key", "secret_key", "ca_pem", "list_paths"}; empty: no reconciliation',
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      // Operators fill it in after the deployment; the empty template contains no secret.
      secretObjectValue: {
        base_url: SecretValue.unsafePlainText(''),
        access_key: SecretValue.unsafePlainText(''),
        secret_key: SecretValue.unsafePlainText(''),
      },
    })
    acknowledge(secret, {
      'AwsSolutions-SMG4':
        'The platform issues these keys and has no API to rotate them; operators who change them there update this secret.',
    })
    return secret
  }

  private createFunction({ queue, tables, alerts, settings }: ReconcilerProps): NodeFunction {
    const reconcileRooms = new NodeFunction(this, 'ReconcileRooms', {
      service: 'reconcile-rooms',
      description: "Compares the open rooms in the state with the platform's room list",
      // Less than the shortest period of the schedule, so that sweeps do not overlap.
      timeout: Duration.seconds(55),
      memoryMb: 1024,
      settings,
      // Its corrections are applied, and a warning among the applied events triggers a sweep.
      isPartOfLoop: true,
      environment: {
        EVENT_QUEUE_URL: queue.queueUrl,
        STATE_TABLE: tables.state.tableName,
        EVENT_LOG_TABLE: tables.eventLog.tableName,
        AVD_SECRET_ARN: this.avdSecret.secretArn,
        ALERT_TOPIC_ARN: alerts.topic.topicArn,
        ALERT_WINDOW_MINUTES: String(settings.alertWindowMinutes),
        AVD_BASE_URL: settings.avdBaseUrl,
        SWEEP_GRACE_SECONDS: String(settings.sweepGraceSeconds),
        URL_SUFFIX: Aws.URL_SUFFIX,
        TIME_ZONE: settings.timeZone,
      },
      alarms: {
        topic: alerts.topic,
        errors: {
          threshold: 3,
          impact: {
            chinese: '与平台核对的函数反复出错：媒体服务器崩溃后残留的房间和用户得不到修正。',
            english:
              'The reconciliation function keeps failing: rooms and participants left open by a crashed media server are not corrected.',
          },
        },
        throttles: {
          threshold: 3,
          impact: {
            chinese: `${concurrencyQuota.chinese}不足，无法与平台核对：媒体服务器崩溃后残留的房间和用户得不到修正。`,
            english: `Sweeps do not run because ${concurrencyQuota.english} is used up: rooms and participants left open by a crashed media server are not corrected.`,
          },
        },
      },
    })
    acknowledge(reconcileRooms, {
      'Serverless-LambdaAsyncFailureDestination':
        'A failed sweep leaves nothing to process: the next one queries the platform again, and consecutive failures raise an alarm.',
      'Serverless-SNSRedrivePolicy':
        'A warning only makes a sweep run earlier: if it is not delivered, the next scheduled sweep does the same work.',
    })
    return reconcileRooms
  }

  private addAlarms(topic: sns.ITopic, period: Duration): void {
    this.addCallbackAlarm(topic, period)
    new RunbookAlarm(this, 'SweepsFailing', {
      topic,
      metric: this.function.ownMetric(metricNames.sweepFailures, { period }),
      threshold: 1,
      // The function itself alerts at the third consecutive failure, with the reason. The alarm reports that it persists.
      evaluationPeriods: 10,
      datapointsToAlarm: 8,
      impact: {
        chinese:
          '与平台的核对最近 10 个周期中至少 8 个失败：无法从平台获取房间列表，媒体服务器崩溃后残留的房间和用户得不到修正。',
        english:
          "Sweeps have failed in at least eight of ten periods: the platform's room list is not available, and rooms and participants left open by a crashed media server are not corrected.",
      },
    })
    new RunbookAlarm(this, 'Drift', {
      topic,
      metric: this.function.ownMetric(metricNames.driftFound, { period, statistic: 'Maximum' }),
      threshold: 20,
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
      impact: {
        chinese: '多次核对发现，平台的房间列表与本系统的状态相差 20 处以上：可能有媒体服务器崩溃，或回调没有到达。',
        english:
          "The platform's room list and the state have differed in 20 or more places for several sweeps: a media server may have crashed, or callbacks do not arrive.",
      },
    })
  }

  /** Corrections without callbacks. The metric exists only while the alert `callbacks_missing` is open. */
  private addCallbackAlarm(topic: sns.ITopic, sweepPeriod: Duration): void {
    new RunbookAlarm(this, 'CallbacksMissing', {
      topic,
      metric: this.function.ownMetric(metricNames.callbackSilence, {
        period: Duration.minutes(Math.max(5, sweepPeriod.toMinutes())),
        statistic: 'Maximum',
      }),
      // Seconds. The function itself alerts after 600 s, with details. The alarm reports that the silence persists.
      threshold: 900,
      impact: {
        chinese:
          '房间内有用户，但超过 15 分钟没有收到任何回调：房间和用户的状态只能由核对推断，音视频流、录制和端口告警无法得知。',
        english:
          'People are in rooms, but no callback has arrived for 15 minutes: rooms and participants are inferred by sweeps only, and streams, recordings and port warnings are not known.',
      },
    })
  }
}
