/**
 * One sweep over 2,000 rooms with 100,000 people in one list: its time and memory.
 *
 *   node bench/sweep.ts
 *
 * Runs the bundle that would be deployed, in a process of its own (`sweep-child.ts`). The platform, the queue, the secret
 * and DynamoDB (dynalite, slower than the real one) are played by this process, on the other core.
 */
import { fork } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdir, readFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb'
import dynalite from 'dynalite'
import pMap from 'p-map'
import { documentClient } from '../adapters/dynamodb/client.ts'
import { itemOf } from '../adapters/dynamodb/state-store.ts'
import { readEvent } from '../core/protocol/events.ts'
import type { ObservedRoom } from '../core/reconcile.ts'
import { evolve } from '../core/state/fold.ts'
import { orderKey } from '../core/state/order.ts'
import { subjectOf } from '../core/state/subject.ts'
import { emptyView } from '../lambdas/apply-events/stores.ts'
import { synthesize } from '../local/synthesis/synthesize.ts'

const roomCount = 2000
const peopleInRoom = 50
/** So many of a room's people are not in the list: they have to be looked up, and told gone. */
const missingInRoom = 5
const table = 'State'

const observed: ObservedRoom[] = Array.from({ length: roomCount }, (_, room) => ({
  room_id: `R${room}`,
  users: Array.from({ length: peopleInRoom }, (_, user) => ({ user_id: `U${user}`, user_name: `与会者 ${user}` })),
}))
const listAnswer = JSON.stringify({
  ret: 0,
  data: {
    list: observed.map(({ room_id, users }) => ({
      room_id,
      users: users.slice(missingInRoom),
    })),
  },
})

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** The tables' definition as deployed. */
async function createStateTable(client: DynamoDBClient, assembly: string): Promise<void> {
  const template = JSON.parse(await readFile(join(assembly, 'Northbound.template.json'), 'utf8'))
  const [, state] =
    Object.entries<{ Properties: Omit<ConstructorParameters<typeof CreateTableCommand>[0], 'TableName'> }>(
      template.Resources,
    ).find(([id]) => id.startsWith('TablesState')) ?? []
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } = state?.Properties ?? {}
  await client.send(
    new CreateTableCommand({
      TableName: table,
      AttributeDefinitions,
      KeySchema,
      GlobalSecondaryIndexes,
      BillingMode: 'PAY_PER_REQUEST',
    }),
  )
}

/** Everybody is in the room, and so is known to the state. */
async function fill(client: DynamoDBClient): Promise<void> {
  const happened = observed.flatMap(({ room_id, users }) => [
    { event: 'open', room_id },
    ...users.map(({ user_id }) => ({
      event: 'join',
      room_id,
      user_id,
      user_name: `与会者 ${user_id}`,
      endpoint_type: 'web',
    })),
  ])
  const items = happened.map((params, index) => {
    const event = readEvent({ trace_id: `t${index}`, received_at: 1_768_438_800_000, source: 'callback' }, params)
    const state = evolve(undefined, [event], [], { alertWindowMs: 0 })
    return itemOf({ ...emptyView(subjectOf(event)), state, watermark: orderKey(event) }, 400)
  })
  const batches = Array.from({ length: Math.ceil(items.length / 25) }, (_, index) =>
    items.slice(index * 25, index * 25 + 25),
  )
  const documents = documentClient(client)
  await pMap(
    batches,
    (batch) =>
      documents.send(
        new BatchWriteCommand({ RequestItems: { [table]: batch.map((Item) => ({ PutRequest: { Item } })) } }),
      ),
    { concurrency: 16 },
  )
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** The queue takes everything; the secret names the platform. */
function awsServer(platform: () => string, dynamodb: () => string): Server {
  return createServer(async (request, response) => {
    const body = await bodyOf(request)
    const target = String(request.headers['x-amz-target'])
    if (target.startsWith('DynamoDB')) {
      const headers = {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': target,
        authorization: String(request.headers.authorization),
        'x-amz-date': String(request.headers['x-amz-date']),
      }
      const answer = await fetch(dynamodb(), { method: 'POST', headers, body })
      response.writeHead(answer.status, { 'content-type': 'application/x-amz-json-1.0' })
      response.end(Buffer.from(await answer.arrayBuffer()))
      return
    }
    response.setHeader('content-type', 'application/x-amz-json-1.0')
    if (target.endsWith('GetSecretValue')) {
      const secret = { base_url: platform(), access_key: 'a', secret_key: 's' }
      response.end(JSON.stringify({ SecretString: JSON.stringify(secret) }))
    } else {
      const entries: { Id: string; MessageBody: string }[] = JSON.parse(body).Entries ?? []
      corrections += entries.length
      response.end(
        JSON.stringify({
          Successful: entries.map(({ Id, MessageBody }) => ({ Id, MessageId: Id, MD5OfMessageBody: md5(MessageBody) })),
          Failed: [],
        }),
      )
    }
  })
}

/** The client compares it. */
const md5 = (text: string) => createHash('md5').update(text).digest('hex')

let corrections = 0
const { directory, remove } = await synthesize({ sweepGraceSeconds: '0' })
const database = dynalite({ createTableMs: 0 })
const platform = createServer((request, response) => {
  response.end(request.url?.includes('get_token') ? JSON.stringify({ ret: 0, token: 't' }) : listAnswer)
})
const urls = { database: await listen(database), platform: await listen(platform) }
const aws = awsServer(
  () => urls.platform,
  () => urls.database,
)
const client = new DynamoDBClient({
  endpoint: urls.database,
  region: 'us-east-1',
  credentials: { accessKeyId: 'a', secretAccessKey: 's' },
})
try {
  await createStateTable(client, directory)
  await fill(client)
  const endpoint = await listen(aws)
  const assets = (await readdir(directory)).filter((name) => name.startsWith('asset.'))
  const bundles = await Promise.all(
    assets.map(async (name) => ({
      path: join(directory, name, 'index.mjs'),
      text: await readFile(join(directory, name, 'index.mjs'), 'utf8'),
    })),
  )
  const bundle = bundles.find(({ text }) => text.includes('SWEEP_GRACE_SECONDS'))?.path ?? ''
  const child = fork(fileURLToPath(new URL('sweep-child.ts', import.meta.url)), [bundle], {
    env: {
      ...process.env,
      AWS_ENDPOINT_URL: endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 's',
      AWS_LAMBDA_FUNCTION_NAME: 'reconcile-rooms',
      EVENT_QUEUE_URL: `${endpoint}/queue`,
      STATE_TABLE: table,
      AVD_SECRET_ARN: 'arn:aws:secretsmanager:us-east-1:000000000000:secret:avd',
      ALERT_TOPIC_ARN: 'arn:aws:sns:us-east-1:000000000000:alerts',
      AVD_BASE_URL: '',
      SWEEP_GRACE_SECONDS: '0',
      URL_SUFFIX: 'amazonaws.com',
      POWERTOOLS_DEV: 'false',
    },
    execArgv: [],
    silent: true,
  })
  child.stderr?.pipe(process.stderr)
  const [results] = (await once(child, 'message')) as [{ outcome: string; seconds: number; memoryMiB: number }[]]
  for (const [index, { outcome, seconds, memoryMiB }] of results.entries())
    console.log(`sweep ${index + 1}: ${outcome}, ${seconds.toFixed(1)} s, at most ${memoryMiB} MiB resident`)
  console.log(`${corrections} corrections; ${roomCount * missingInRoom} people were missing`)
} finally {
  client.destroy()
  for (const server of [database, platform, aws]) {
    server.close()
    server.closeAllConnections()
  }
  await remove()
}
