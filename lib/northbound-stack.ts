import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib'
import type { Construct } from 'constructs'
import { AlertTopic } from './alert-topic.ts'
import { CallbackReceiver } from './callback-receiver.ts'
import type { Settings } from './context.ts'
import { Dashboard } from './dashboard.ts'
import { EventApplier } from './event-applier.ts'
import { EventQueue } from './event-queue.ts'
import { EventTables } from './event-tables.ts'
import { PublicApi } from './public-api.ts'
import { QueryApi } from './query-api.ts'
import { Reconciler } from './reconciler.ts'
import { RoomEventTopic } from './room-event-topic.ts'
import { TopicKey } from './topic-key.ts'

export interface NorthboundStackProps extends StackProps {
  readonly settings: Settings
}

/** Wires the constructs in the order of the road: callback, queue, apply, state, reconcile, query; and what tells of it. */
export class NorthboundStack extends Stack {
  constructor(scope: Construct, id: string, { settings, ...props }: NorthboundStackProps) {
    super(scope, id, { description: 'Receives the northbound callbacks of a 3TEE AVD installation', ...props })

    const applyTimeout = Duration.seconds(60)
    const batchingWindow = Duration.seconds(1)

    // First of all: nothing is made without its alarms.
    const topicKey = new TopicKey(this, 'TopicKey')
    const alerts = new AlertTopic(this, 'AlertTopic', { topicKey, settings })
    const alertTopic = alerts.topic
    const { api } = new PublicApi(this, 'Api', { alertTopic })
    const events = new EventQueue(this, 'EventQueue', { consumerTimeout: applyTimeout, batchingWindow, alertTopic })
    const tables = new EventTables(this, 'Tables')
    const roomEvents = new RoomEventTopic(this, 'RoomEventTopic', { topicKey })
    const receiver = new CallbackReceiver(this, 'Receiver', { api, queue: events.queue, alertTopic, settings })
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
    const query = new QueryApi(this, 'Query', { api, tables, deadLetters: events.deadLetters, alertTopic, settings })
    new Dashboard(this, 'Dashboard', { api, events, receiver, applier, reconciler, alerts, roomEvents })

    this.output('CallbackUrl', `${api.apiEndpoint}${CallbackReceiver.path}`)
    this.output('ApiUrl', api.apiEndpoint)
    this.output('EventLogTableName', tables.eventLog.tableName)
    this.output('StateTableName', tables.state.tableName)
    this.output('EventQueueUrl', events.queue.queueUrl)
    this.output('DeadLetterQueueUrl', events.deadLetters.queueUrl)
    this.output('AlertTopicArn', alerts.topic.topicArn)
    this.output('RoomEventTopicArn', roomEvents.topic.topicArn)
    this.output('CheckCodeSecretArn', receiver.checkCodeSecret.secretArn)
    this.output('ApiTokenSecretArn', query.tokenSecret.secretArn)
    this.output('AvdSecretArn', reconciler.avdSecret.secretArn)
  }

  private output(name: string, value: string): void {
    new CfnOutput(this, name, { value })
  }
}
