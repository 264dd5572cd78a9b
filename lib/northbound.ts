import { Duration } from 'aws-cdk-lib'
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb'
import type * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager'
import type * as sns from 'aws-cdk-lib/aws-sns'
import type * as sqs from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { AlertTopic } from './alert-topic.ts'
import { CallbackReceiver } from './callback-receiver.ts'
import { Dashboard } from './dashboard.ts'
import { EventApplier } from './event-applier.ts'
import { EventQueue } from './event-queue.ts'
import { EventTables } from './event-tables.ts'
import { LegacyHttp } from './legacy-http.ts'
import { PublicApi } from './public-api.ts'
import { QueryApi } from './query-api.ts'
import { Reconciler } from './reconciler.ts'
import { regionOf } from './region.ts'
import { RoomEventTopic } from './room-event-topic.ts'
import { readSettings, type Settings } from './settings.ts'
import { TopicKey } from './topic-key.ts'

/** Every property may be left out: `Settings` says what each means, and its default. */
export type NorthboundProps = Partial<Settings>

/**
 * The whole receiver of one AVD installation, for an app of your own.
 *
 * Wires its parts in the order of the road: callback, queue, apply, state, reconcile, query; and what tells of it.
 * The tables and queues stay when it is removed.
 *
 * @throws Error (of the constructor) naming each property that is wrong, and why.
 */
export class Northbound extends Construct {
  /** What to type into both back-office pages. */
  readonly callbackUrl: string
  /** The same over plain HTTP, where `legacyHttp` is set. */
  readonly legacyCallbackUrl: string | undefined
  /** Of the query API, without `/api`. */
  readonly apiUrl: string
  /** The page that shows it all. */
  readonly consoleUrl: string
  /** Where the CNAME record of `domainName` has to point. */
  readonly domainTarget: string | undefined
  /** Every event, as it came. */
  readonly eventLog: dynamodb.Table
  /** What is folded from the events. */
  readonly state: dynamodb.Table
  /** Where events wait for being applied. */
  readonly eventQueue: sqs.Queue
  /** Where those wait that could not be. */
  readonly deadLetterQueue: sqs.Queue
  /** Port-check warnings, failing sweeps and alarms, for people and programs. */
  readonly alertTopic: sns.Topic
  /** Each applied event, for programs. It is encrypted: a subscriber needs no key, a publisher does. */
  readonly roomEventTopic: sns.Topic
  /** `{"current": "…", "previous": "…" or null}`; generated. */
  readonly checkCodeSecret: secretsmanager.Secret
  /** `{"token": "…"}`; generated. */
  readonly apiTokenSecret: secretsmanager.Secret
  /** How to ask the platform; to be filled in after the deployment. */
  readonly avdSecret: secretsmanager.Secret

  constructor(scope: Construct, id: string, props: NorthboundProps = {}) {
    super(scope, id)
    const settings = readSettings(props, regionOf(this))
    const applyTimeout = Duration.seconds(60)
    const batchingWindow = Duration.seconds(1)

    // First of all: nothing is made without its alarms.
    const topicKey = new TopicKey(this, 'TopicKey')
    const alerts = new AlertTopic(this, 'AlertTopic', { topicKey, settings })
    const alertTopic = alerts.topic
    const publicApi = new PublicApi(this, 'Api', { alertTopic, settings })
    const { api } = publicApi
    const events = new EventQueue(this, 'EventQueue', { consumerTimeout: applyTimeout, batchingWindow, alertTopic })
    const tables = new EventTables(this, 'Tables')
    const roomEvents = new RoomEventTopic(this, 'RoomEventTopic', { topicKey })
    const legacyHttp = settings.legacyHttp
      ? new LegacyHttp(this, 'LegacyHttp', { api, path: CallbackReceiver.path })
      : undefined
    const receiver = new CallbackReceiver(this, 'Receiver', {
      api,
      queue: events.queue,
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
      settings,
    })
    const reconciler = new Reconciler(this, 'Reconciler', { queue: events.queue, tables, alerts, settings })
    const query = new QueryApi(this, 'Query', {
      publicApi,
      tables,
      queue: events.queue,
      deadLetters: events.deadLetters,
      alertTopic,
      settings,
    })
    new Dashboard(this, 'Dashboard', { api, events, receiver, applier, reconciler, alerts, roomEvents })

    this.callbackUrl = `${publicApi.url}${CallbackReceiver.path}`
    this.legacyCallbackUrl = legacyHttp && `${legacyHttp.url}${CallbackReceiver.path}`
    this.apiUrl = publicApi.url
    this.consoleUrl = `${publicApi.url}${QueryApi.consolePath}`
    this.domainTarget = publicApi.domainTarget
    this.eventLog = tables.eventLog
    this.state = tables.state
    this.eventQueue = events.queue
    this.deadLetterQueue = events.deadLetters
    this.alertTopic = alertTopic
    this.roomEventTopic = roomEvents.topic
    this.checkCodeSecret = receiver.checkCodeSecret
    this.apiTokenSecret = query.tokenSecret
    this.avdSecret = reconciler.avdSecret
  }
}
