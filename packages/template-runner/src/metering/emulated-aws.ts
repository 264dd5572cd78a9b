import type { AddressInfo } from 'node:net'
import { accountId, region } from '../deployment-target.ts'
import { AccessRules } from '../endpoint/access-rules.ts'
import { type AwsService, callService, createAdminCall, createAdminQuery } from '../endpoint/aws-call.ts'
import { CallCounts } from '../endpoint/call-counts.ts'
import { Faults } from '../endpoint/faults.ts'
import { startEndpoint } from '../endpoint/server.ts'
import { deleteMessages, type QueueConnection, receiveMessages } from '../polling/queue-messages.ts'
import { createTable } from '../services/create-table.ts'
import { startDynamoDb } from '../services/dynamodb.ts'
import { startMessaging } from '../services/messaging.ts'
import { SecretsManager } from '../services/secrets-manager.ts'
import { Deliveries } from '../sns/deliveries.ts'
import { MeteredDynamoDb } from './metered-dynamodb.ts'
import { tablePropertiesSchema } from './metered-table.ts'
import { type AwsUsage, countRequests, UsageMeter } from './usage-meter.ts'

export interface EmulatedAwsOptions {
  /** A DynamoDB endpoint to use instead of the embedded engine. */
  readonly dynamodbUrl?: string | undefined
  /** Receives the log lines of the endpoint, for example about calls that are not emulated. Default: standard error. */
  readonly log?: (line: string) => void
}

/** DynamoDB, SQS, SNS and Secrets Manager without a template: every caller has all permissions, usage is metered. */
export interface EmulatedAws {
  readonly region: string
  /** The address of all services. */
  readonly endpointUrl: string
  /** The address of the DynamoDB engine itself: calls made there are not metered. */
  readonly dynamodbUrl: string
  /** Returns the usage since the last call, and resets it. */
  takeUsage(): AwsUsage
  /**
   * Throttles writes from now on, as DynamoDB does: each key of a table or an index is a partition that takes these write units.
   * There is no limit before.
   */
  limitPartitions(writeUnitsPerSecond: number): void
  /** Returns the bytes that the items of a table are billed for, indexes included. */
  storedBytes(tableName: string): number
  /**
   * Creates an on-demand table.
   *
   * @param properties the properties of an AWS::DynamoDB::Table; only its keys and indexes are used.
   */
  createTable(name: string, properties: object): Promise<void>
  /** @returns the URL. */
  createQueue(name: string): Promise<string>
  /** Receives and deletes all messages of a queue. @returns their bodies. */
  takeMessages(queueUrl: string): Promise<string[]>
  /** @returns the ARN. */
  createTopic(name: string): Promise<string>
  /** @returns the ARN. */
  createSecret(name: string, text: string): string
  stop(): Promise<void>
}

/** Starts the runner's endpoint and services without a template. */
export async function startEmulatedAws(options: EmulatedAwsOptions = {}): Promise<EmulatedAws> {
  const log = options.log ?? ((line: string) => void process.stderr.write(`${line}\n`))
  const engine = await startDynamoDb(options.dynamodbUrl)
  const messaging = await startMessaging()
  const meter = new UsageMeter()
  const dynamodb = new MeteredDynamoDb(engine, meter)
  const secrets = new SecretsManager()
  // E-mails and text messages are not printed.
  const { sns } = new Deliveries({ ...messaging, region, log: () => {} })
  const endpoint = await startEndpoint({
    services: new Map<string, AwsService>([
      ['dynamodb', dynamodb],
      ['sqs', countRequests(messaging.sqs, meter)],
      ['sns', countRequests(sns, meter)],
      ['secretsmanager', countRequests(secrets, meter)],
    ]),
    access: new AccessRules(accountId),
    principals: new Map(),
    faults: new Faults(),
    counts: new CallCounts(),
    denials: [],
    findEnvironment: () => undefined,
    log,
  })
  const endpointUrl = `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}`
  return {
    region,
    endpointUrl,
    dynamodbUrl: engine.url,
    takeUsage: () => meter.take(),
    limitPartitions: (writeUnitsPerSecond) => dynamodb.limitPartitions(writeUnitsPerSecond),
    storedBytes: (tableName) => dynamodb.storedBytes(tableName),
    async createTable(TableName, properties) {
      const definition = tablePropertiesSchema.parse(properties)
      await createTable(dynamodb, region, { ...definition, TableName, BillingMode: 'PAY_PER_REQUEST' })
    },
    async createQueue(QueueName) {
      await callService(messaging.sqs, createAdminCall('sqs', 'CreateQueue', region, { QueueName }))
      return `${endpointUrl}/${accountId}/${QueueName}`
    },
    takeMessages: (queueUrl) => takeMessages({ sqs: messaging.sqs, queueUrl, region }),
    async createTopic(Name) {
      await callService(sns, createAdminQuery('sns', 'CreateTopic', region, { Name }))
      return `arn:aws:sns:${region}:${accountId}:${Name}`
    },
    createSecret(name, text) {
      const arn = `arn:aws:secretsmanager:${region}:${accountId}:secret:${name}`
      secrets.create(arn, name, '', text)
      return arn
    },
    async stop() {
      endpoint.close()
      endpoint.closeAllConnections()
      await Promise.all([messaging.close(), engine.close()])
    },
  }
}

async function takeMessages(queue: QueueConnection): Promise<string[]> {
  const bodies: string[] = []
  for (;;) {
    const messages = await receiveMessages(queue, 10, 0)
    if (messages.length === 0) return bodies
    bodies.push(...messages.map(({ Body }) => Body))
    await deleteMessages(queue, messages)
  }
}
