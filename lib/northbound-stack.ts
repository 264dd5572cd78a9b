import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib'
import * as apigateway from 'aws-cdk-lib/aws-apigatewayv2'
import type { Construct } from 'constructs'
import { AlertTopic } from './alert-topic.ts'
import { CallbackReceiver } from './callback-receiver.ts'
import type { Settings } from './context.ts'
import { EventApplier } from './event-applier.ts'
import { EventQueue } from './event-queue.ts'
import { EventTables } from './event-tables.ts'
import { QueryApi } from './query-api.ts'
import { Reconciler } from './reconciler.ts'

export interface NorthboundStackProps extends StackProps {
  readonly settings: Settings
}

/** Wires the constructs in the order of the road: callback, queue, apply, state, reconcile, query. */
export class NorthboundStack extends Stack {
  constructor(scope: Construct, id: string, { settings, ...props }: NorthboundStackProps) {
    super(scope, id, { description: 'Receives the northbound callbacks of a 3TEE AVD installation', ...props })

    const applyTimeout = Duration.seconds(60)
    const batchingWindow = Duration.seconds(1)

    const api = new apigateway.HttpApi(this, 'Api', { description: 'Northbound: callbacks and queries' })
    const events = new EventQueue(this, 'EventQueue', { consumerTimeout: applyTimeout, batchingWindow })
    const tables = new EventTables(this, 'Tables')
    const receiver = new CallbackReceiver(this, 'Receiver', { api, queue: events.queue, settings })
    new EventApplier(this, 'Applier', {
      queue: events.queue,
      tables,
      timeout: applyTimeout,
      batchingWindow,
      settings,
    })
    const alerts = new AlertTopic(this, 'AlertTopic')
    const reconciler = new Reconciler(this, 'Reconciler', { queue: events.queue, tables, alerts, settings })
    const query = new QueryApi(this, 'Query', { api, tables, deadLetters: events.deadLetters, settings })

    this.output('CallbackUrl', `${api.apiEndpoint}${CallbackReceiver.path}`)
    this.output('ApiUrl', api.apiEndpoint)
    this.output('EventLogTableName', tables.eventLog.tableName)
    this.output('StateTableName', tables.state.tableName)
    this.output('EventQueueUrl', events.queue.queueUrl)
    this.output('DeadLetterQueueUrl', events.deadLetters.queueUrl)
    this.output('AlertTopicArn', alerts.topic.topicArn)
    this.output('CheckCodeSecretArn', receiver.checkCodeSecret.secretArn)
    this.output('ApiTokenSecretArn', query.tokenSecret.secretArn)
    this.output('AvdSecretArn', reconciler.avdSecret.secretArn)
  }

  private output(name: string, value: string): void {
    new CfnOutput(this, name, { value })
  }
}
