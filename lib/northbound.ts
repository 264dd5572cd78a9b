import { Annotations, Duration } from 'aws-cdk-lib'
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb'
import type * as lambda from 'aws-cdk-lib/aws-lambda'
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager'
import type * as sns from 'aws-cdk-lib/aws-sns'
import type * as sqs from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import * as paths from '../names/paths.ts'
import { AlertNotifications } from './alert-notifications.ts'
import { AllClearSender } from './all-clear-sender.ts'
import { CallbackReceiver } from './callback-receiver.ts'
import { ChatNotifications } from './chat-notifications.ts'
import { ChatQueues } from './chat-queues.ts'
import { Dashboard } from './dashboard.ts'
import { DeadLetterRedriver } from './dead-letter-redriver.ts'
import { EventApplier } from './event-applier.ts'
import { EventQueues } from './event-queues.ts'
import { EventTables } from './event-tables.ts'
import { LegacyHttp } from './legacy-http.ts'
import { PublicApi } from './public-api.ts'
import { QueryApi } from './query-api.ts'
import { Rebuilder } from './rebuilder.ts'
import { Reconciler } from './reconciler.ts'
import { regionOf } from './region.ts'
import { RoomEventPublication } from './room-event-publication.ts'
import { SecretAlarm } from './secret-alarm.ts'
import { readSettings, type Settings } from './settings.ts'
import { TopicKey } from './topic-key.ts'
import { UsageSampler } from './usage-sampler.ts'

/** All properties are optional; `Settings` documents each with its default. */
export type NorthboundProps = Partial<Settings>

/**
 * The receiver of one AVD installation, for use in any CDK app.
 *
 * Tables, queues and secrets are retained when it is removed, except by the rollback of the deployment that created them.
 *
 * @throws Error (from the constructor) naming every invalid property and the reason.
 */
export class Northbound extends Construct {
  /** The callback address to enter on both back-office pages. */
  readonly callbackUrl: string
  /** The callback address over plain HTTP; only with `legacyHttp`. */
  readonly legacyCallbackUrl: string | undefined
  /** Base URL of the query API, without `/api`. */
  readonly apiUrl: string
  readonly consoleUrl: string
  /** Target of the CNAME record of `domainName`. */
  readonly domainTarget: string | undefined
  /** Every event as received. */
  readonly eventLog: dynamodb.ITable
  /** The projections of rooms, participants, recordings and media servers. */
  readonly state: dynamodb.ITable
  /** Events waiting to be applied. */
  readonly eventQueue: sqs.Queue
  /** Events that could not be applied. */
  readonly deadLetterQueue: sqs.Queue
  /** Compares the state with the event log and has it rebuilt; operators invoke it. */
  readonly rebuildFunction: lambda.IFunction
  /** Port-check warnings, failing sweeps and alarms. */
  readonly alertTopic: sns.Topic
  /** Every applied event. The topic is encrypted: publishers need access to its key, subscribers do not. */
  readonly roomEventTopic: sns.Topic
  /** `{"current": "…", "previous": "…" or null}`; generated. */
  readonly checkCodeSecret: secretsmanager.Secret
  /** `{"token": "…", "previous": "…" or null}`; generated. */
  readonly apiTokenSecret: secretsmanager.Secret
  /** Access to the platform's API; fill it in after the deployment. */
  readonly avdSecret: secretsmanager.Secret
  /** The URLs of group robots; only with `chat`. Fill it in after the deployment. */
  readonly chatSecret: secretsmanager.Secret | undefined
  /** Sends alerts to the group robots; only with `chat`. Operators invoke it with `{"test":true}`. */
  readonly chatFunction: lambda.IFunction | undefined

  constructor(scope: Construct, id: string, props: NorthboundProps = {}) {
    super(scope, id)
    const settings = readSettings(props, regionOf(this))
    warnOfShortRetention(this, settings)
    const applyTimeout = Duration.seconds(60)
    const batchingWindow = Duration.seconds(1)

    // First, because every other part has alarms that publish to the alert topic.
    const topicKey = new TopicKey(this, 'TopicKey')
    const alerts = new AlertNotifications(this, 'AlertTopic', { topicKey, settings })
    const alertTopic = alerts.topic
    new SecretAlarm(this, 'Secrets', alertTopic)
    const publicApi = new PublicApi(this, 'Api', { alertTopic, settings })
    const { api } = publicApi
    const events = new EventQueues(this, 'EventQueue', { consumerTimeout: applyTimeout, batchingWindow, alertTopic })
    const tables = new EventTables(this, 'Tables', settings)
    const roomEvents = new RoomEventPublication(this, 'RoomEventTopic', { topicKey })
    const legacyHttp = settings.legacyHttp
      ? new LegacyHttp(this, 'LegacyHttp', { api, path: paths.callbacks })
      : undefined
    const receiver = new CallbackReceiver(this, 'Receiver', {
      api,
      queue: events.queue,
      tables,
      alertTopic,
      legacyHttp,
      settings,
    })
    const applier = new EventApplier(this, 'Applier', {
      queue: events.queue,
      tables,
      timeout: applyTimeout,
      batchingWindow,
      alerts,
      roomEvents,
      checkCodeSecret: receiver.checkCodeSecret,
      settings,
    })
    const reconciler = new Reconciler(this, 'Reconciler', { queue: events.queue, tables, alerts, roomEvents, settings })
    const rebuilder = new Rebuilder(this, 'Rebuilder', { queue: events.queue, tables, settings })
    const redriver = new DeadLetterRedriver(this, 'Redriver', {
      queue: events.queue,
      deadLetters: events.deadLetters,
      tables,
      settings,
    })
    // The version of apply-events before an update would quarantine messages that it does not know.
    for (const sender of [receiver, reconciler, rebuilder, redriver]) sender.function.updateAfter(applier.function)
    const query = new QueryApi(this, 'Query', {
      publicApi,
      tables,
      queue: events.queue,
      deadLetters: events.deadLetters,
      alertTopic,
      settings,
    })
    const consoleUrl = `${publicApi.url}${paths.console}`
    const chat = settings.chat ? this.createChat(alerts, tables, consoleUrl, settings) : undefined
    new UsageSampler(this, 'Usage', { tables, alertTopic, settings })
    // After all alarms, which it looks for.
    new AllClearSender(this, 'AllClear', { alerts, settings })
    new Dashboard(this, 'Dashboard', { api, events, receiver, applier, redriver, reconciler, alerts, roomEvents, chat })

    this.callbackUrl = `${publicApi.url}${paths.callbacks}`
    this.legacyCallbackUrl = legacyHttp && `${legacyHttp.url}${paths.callbacks}`
    this.apiUrl = publicApi.url
    this.consoleUrl = consoleUrl
    this.domainTarget = publicApi.domainTarget
    this.eventLog = tables.eventLog
    this.state = tables.state
    this.eventQueue = events.queue
    this.deadLetterQueue = events.deadLetters
    this.rebuildFunction = rebuilder.function
    this.alertTopic = alertTopic
    this.roomEventTopic = roomEvents.topic
    this.checkCodeSecret = receiver.checkCodeSecret
    this.apiTokenSecret = query.tokenSecret
    this.avdSecret = reconciler.avdSecret
    this.chatSecret = chat?.secret
    this.chatFunction = chat?.function
  }

  private createChat(
    { topic: alertTopic }: AlertNotifications,
    tables: EventTables,
    consoleUrl: string,
    settings: Settings,
  ): ChatNotifications {
    // Enough for all messages of a batch to the slowest robot, so that they keep their order.
    const timeout = Duration.seconds(60)
    // A burst of alerts becomes few messages. A single alert is late by twice as much.
    const batchingWindow = Duration.seconds(2)
    const { queue } = new ChatQueues(this, 'ChatQueue', { alertTopic, consumerTimeout: timeout, batchingWindow })
    return new ChatNotifications(this, 'Chat', {
      queue,
      timeout,
      batchingWindow,
      alertTopic,
      tables,
      consoleUrl,
      settings,
    })
  }
}

/** The Cybersecurity Law of the PRC, article 23, asks for network logs of at least six months (docs/personal-data.md). */
function warnOfShortRetention(scope: Construct, { retentionDays }: Settings): void {
  if (retentionDays >= 180) return
  const text = `retentionDays is ${retentionDays}: in mainland China, network logs must be kept for at least six months (docs/personal-data.md)`
  Annotations.of(scope).addWarningV2('northbound:retentionDays', text)
}
