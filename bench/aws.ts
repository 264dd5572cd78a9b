import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { CreateTableCommand, type CreateTableCommandInput, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import dynalite from 'dynalite'
import { listen } from './listen.ts'
import { type Item, refusedUnits, storedSize, type TableDefinition, writeUnits } from './write-units.ts'

/** What AWS was asked to do. */
export type Usage = {
  /** By operation, e.g. `DynamoDB.PutItem`; failed ones included. */
  readonly requests: Map<string, number>
  /** Of DynamoDB, as it bills them. */
  writeUnits: number
  readUnits: number
  /** Bodies of the messages that the queue took. */
  readonly messages: string[]
}

export interface Aws {
  /** Plays DynamoDB, SQS, SNS and Secrets Manager, and counts. */
  readonly endpoint: string
  /** The DynamoDB behind it: nothing is counted there. */
  readonly dynamodb: string
  /** What was used since the last time. */
  takeUsage(): Usage
  /** What is stored in a table and its indexes, as DynamoDB bills it. */
  storedBytes(tableName: string): number
  /** Makes an on-demand table. */
  createTable(name: string, properties: TableProperties): Promise<void>
  close(): Promise<void>
}

/** What makes a table, of the properties that a template gives it. */
export type TableProperties = Pick<
  CreateTableCommandInput,
  'AttributeDefinitions' | 'KeySchema' | 'GlobalSecondaryIndexes'
>

export type AwsOptions = {
  /** A DynamoDB to use instead of the embedded one. */
  readonly dynamodbUrl?: string | undefined
  /** What Secrets Manager answers, as JSON. */
  readonly secret?: unknown
  /** Writes that one partition takes in a second, in a table or an index; more are throttled. Default: any. */
  readonly writesPerSecond?: number
}

/** DynamoDB requests that a function made. */
export function dynamodbRequests({ requests }: Usage): number {
  return sum([...requests].filter(([operation]) => operation.startsWith('DynamoDB')).map(([, count]) => count))
}

export function sum(figures: Iterable<number>): number {
  let total = 0
  for (const figure of figures) total += figure
  return total
}

/** Everything of AWS that the functions call, on this machine. */
export async function startAws({ dynamodbUrl, secret, writesPerSecond }: AwsOptions = {}): Promise<Aws> {
  const embedded = dynamodbUrl === undefined ? dynalite({ createTableMs: 0, deleteTableMs: 0 }) : undefined
  if (embedded !== undefined) embedded.keepAliveTimeout = 0
  const dynamodb = dynamodbUrl ?? (await listen(embedded as Server))
  const client = new DynamoDBClient({
    endpoint: dynamodb,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
  })
  const counter = createCounter(writesPerSecond)
  const server = createServer(async (request, response) => {
    const body = await bodyOf(request)
    const operation = operationOf(request, body)
    if (operation.startsWith('DynamoDB')) {
      const answer = await counter.forward(dynamodb, request, operation, body)
      response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' })
      response.end(answer.text)
      return
    }
    counter.count(operation)
    const answer = operation === 'SNS.PublishBatch' ? published(body) : accepted(operation, body, secret, counter)
    response.setHeader('content-type', answer.startsWith('<') ? 'text/xml' : 'application/x-amz-json-1.0')
    response.end(answer)
  })
  server.keepAliveTimeout = 0
  return {
    endpoint: await listen(server),
    dynamodb,
    takeUsage: counter.take,
    storedBytes: counter.storedBytes,
    async createTable(TableName, { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes }) {
      const definition = { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes }
      await client.send(new CreateTableCommand({ TableName, BillingMode: 'PAY_PER_REQUEST', ...definition }))
      counter.define(TableName, definition)
    },
    async close() {
      client.destroy()
      for (const one of [server, embedded])
        if (one !== undefined) {
          one.close()
          one.closeAllConnections()
        }
    },
  }
}

function operationOf({ headers }: IncomingMessage, body: string): string {
  const [service = '', operation = ''] = String(headers['x-amz-target'] ?? '').split('.')
  if (service !== '') return `${service.replace(/_\d+$/, '').replace('Amazon', '')}.${operation}`
  return `SNS.${new URLSearchParams(body).get('Action')}`
}

/** What the queue and the secrets answer. */
function accepted(operation: string, body: string, secret: unknown, { usage }: Counter): string {
  const asked = JSON.parse(body)
  switch (operation) {
    case 'secretsmanager.GetSecretValue':
      return JSON.stringify({ SecretString: JSON.stringify(secret) })
    case 'SQS.SendMessage':
      usage().messages.push(asked.MessageBody)
      return JSON.stringify({ MessageId: '1', MD5OfMessageBody: md5(asked.MessageBody) })
    case 'SQS.SendMessageBatch': {
      const entries: { Id: string; MessageBody: string }[] = asked.Entries
      usage().messages.push(...entries.map(({ MessageBody }) => MessageBody))
      const Successful = entries.map(({ Id, MessageBody }) => ({
        Id,
        MessageId: Id,
        MD5OfMessageBody: md5(MessageBody),
      }))
      return JSON.stringify({ Successful, Failed: [] })
    }
    default:
      throw new Error(`${operation} is not played here`)
  }
}

/** The client compares it. */
function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}

/** What a topic answers that took all messages. */
function published(body: string): string {
  const ids = [...new URLSearchParams(body)].filter(([name]) =>
    /^PublishBatchRequestEntries\.member\.\d+\.Id$/.test(name),
  )
  const members = ids.map(([, id]) => `<member><Id>${id}</Id><MessageId>${id}</MessageId></member>`)
  return (
    '<PublishBatchResponse xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><PublishBatchResult><Failed/>' +
    `<Successful>${members.join('')}</Successful></PublishBatchResult></PublishBatchResponse>`
  )
}

type Counter = ReturnType<typeof createCounter>

type Answer = {
  readonly Attributes?: Item
  readonly ConsumedCapacity?: Capacity | Capacity[]
}
type Capacity = { readonly CapacityUnits?: number }

type Asked = {
  readonly TableName: string
  readonly Item?: Item
  readonly Key?: Item
  readonly ReturnValuesOnConditionCheckFailure?: string
}

/** Lets each partition take so many writes a second, with a second's worth in hand, as DynamoDB does where it is hot. */
function createThrottle(writesPerSecond: number) {
  const buckets = new Map<string, { left: number; at: number }>()
  return (partitions: readonly string[]): boolean => {
    const now = performance.now()
    const touched = partitions.map((name) => {
      const bucket = buckets.get(name) ?? { left: writesPerSecond, at: now }
      bucket.left = Math.min(writesPerSecond, bucket.left + ((now - bucket.at) / 1000) * writesPerSecond)
      bucket.at = now
      buckets.set(name, bucket)
      return bucket
    })
    if (touched.some(({ left }) => left < 1)) return false
    for (const bucket of touched) bucket.left--
    return true
  }
}

const throttledAnswer = {
  status: 400,
  text: JSON.stringify({
    __type: 'com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException',
    message: 'The level of configured provisioned throughput for the table was exceeded.',
  }),
}

function createCounter(writesPerSecond: number | undefined) {
  const mayWrite = writesPerSecond === undefined ? () => true : createThrottle(writesPerSecond)
  let usage: Usage = nothingUsed()
  const definitions = new Map<string, TableDefinition>()
  /** The items as they are, by table and key: what a write replaces decides its price. */
  const items = new Map<string, Item>()

  function placeOf({ TableName, Item, Key = Item }: Asked): { definition: TableDefinition; place: string } {
    const definition = definitions.get(TableName)
    if (definition === undefined || Key === undefined) throw new Error(`no table ${TableName} was made here`)
    return { definition, place: `${TableName} ${JSON.stringify(definition.key.map((name) => Key[name]))}` }
  }

  /** The partitions of the table and of its indexes that a write goes to. */
  function partitionsOf(asked: Asked): string[] {
    const { definition } = placeOf(asked)
    const fields = asked.Item ?? asked.Key ?? {}
    return [definition, ...definition.indexes].flatMap(({ key: [name = ''] }) =>
      fields[name] === undefined ? [] : [`${asked.TableName} ${name} ${JSON.stringify(fields[name])}`],
    )
  }

  function countWrite(operation: string, asked: Asked, { Attributes }: Answer): void {
    const { definition, place } = placeOf(asked)
    const after = operation === 'DynamoDB.DeleteItem' ? undefined : (asked.Item ?? Attributes)
    usage.writeUnits += writeUnits(definition, items.get(place), after)
    if (after === undefined) items.delete(place)
    else items.set(place, after)
  }

  /** The embedded engine does not know ReturnValuesOnConditionCheckFailure, which saves its users a request. */
  function refusal(text: string, answer: object, asked: Asked): string {
    const Item = items.get(placeOf(asked).place)
    return asked.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' ? JSON.stringify({ ...answer, Item }) : text
  }

  function count(operation: string): void {
    usage.requests.set(operation, (usage.requests.get(operation) ?? 0) + 1)
  }

  return {
    count,
    usage: () => usage,
    take(): Usage {
      const taken = usage
      usage = nothingUsed()
      return taken
    },
    storedBytes(tableName: string): number {
      const definition = definitions.get(tableName)
      if (definition === undefined) throw new Error(`no table ${tableName} was made here`)
      const ofTable = [...items].filter(([place]) => place.startsWith(`${tableName} `))
      return sum(ofTable.map(([, item]) => storedSize(definition, item)))
    },
    define(name: string, { KeySchema = [], GlobalSecondaryIndexes = [] }: TableProperties): void {
      const namesOf = (schema: typeof KeySchema = []) => schema.map(({ AttributeName = '' }) => AttributeName)
      definitions.set(name, {
        key: namesOf(KeySchema),
        indexes: GlobalSecondaryIndexes.map((index) => ({
          key: namesOf(index.KeySchema),
          projected:
            index.Projection?.ProjectionType === 'ALL' ? undefined : (index.Projection?.NonKeyAttributes ?? []),
        })),
      })
    },
    /** Passes a call on to DynamoDB, and counts it. */
    async forward(url: string, { headers }: IncomingMessage, operation: string, body: string) {
      const asked = JSON.parse(body)
      if (isWrite(operation) && !mayWrite(partitionsOf(asked))) {
        count(`${operation} throttled`)
        return throttledAnswer
      }
      const updates = operation === 'DynamoDB.UpdateItem'
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'content-type': 'application/x-amz-json-1.0',
          'x-amz-target': String(headers['x-amz-target']),
          authorization: String(headers.authorization),
          'x-amz-date': String(headers['x-amz-date']),
        },
        body: JSON.stringify({
          ...asked,
          ReturnConsumedCapacity: 'TOTAL',
          ...(updates ? { ReturnValues: 'ALL_NEW' } : {}),
        }),
      })
      const text = await response.text()
      const answer = JSON.parse(text)
      count(operation)
      const { status } = response
      if (isRead(operation)) usage.readUnits += capacityOf(answer)
      else if (!isWrite(operation)) throw new Error(`${operation} is not counted here`)
      else if (response.ok) countWrite(operation, asked, answer)
      else if (String(answer.__type).endsWith('ConditionalCheckFailedException')) {
        usage.writeUnits += refusedUnits(items.get(placeOf(asked).place))
        return { status, text: refusal(text, answer, asked) }
      }
      return { status, text }
    },
  }
}

function isRead(operation: string): boolean {
  return /\.(GetItem|BatchGetItem|Query)$/.test(operation)
}

function isWrite(operation: string): boolean {
  return /\.(Put|Update|Delete)Item$/.test(operation)
}

function capacityOf({ ConsumedCapacity = [] }: Answer): number {
  return sum([ConsumedCapacity].flat().map(({ CapacityUnits = 0 }) => CapacityUnits))
}

function nothingUsed(): Usage {
  return { requests: new Map(), writeUnits: 0, readUnits: 0, messages: [] }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
