import { describe, expect, it } from 'vitest'
import type { FixtureStack } from './fixture-stack.ts'
import { callAws, type FixtureRun, runFixture } from './run-fixture.ts'

const queueArn = 'arn:aws:sqs:us-east-1:000000000000:events'
const pollingStatement = {
  Effect: 'Allow',
  Action: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
  Resource: queueArn,
}

interface PolledFunction {
  readonly code: string
  readonly allow?: readonly object[]
  readonly mapping?: object
  readonly additional?: FixtureStack
  readonly properties?: object
}

/** A queue with a dead-letter queue, and a function that processes its messages. */
function polledStack({
  code,
  allow = [pollingStatement],
  mapping = {},
  additional = {},
  properties = {},
}: PolledFunction): FixtureStack {
  return {
    ...additional,
    functions: { ...additional.functions, Worker: { code, allow, properties: { Timeout: 1, ...properties } } },
    resources: {
      ...additional.resources,
      Dead: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead' } },
      Queue: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          QueueName: 'events',
          VisibilityTimeout: 1,
          RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 2 },
        },
      },
      Mapping: {
        Type: 'AWS::Lambda::EventSourceMapping',
        Properties: { EventSourceArn: queueArn, FunctionName: { Ref: 'Worker' }, ...mapping },
      },
    },
  }
}

const queueUrl = (run: FixtureRun, queue: string) => `${run.awsEndpointUrl}/000000000000/${queue}`

async function sendMessages(run: FixtureRun, ...bodies: string[]): Promise<void> {
  const Entries = bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody }))
  await callAws(run, 'sqs', 'AmazonSQS.SendMessageBatch', { QueueUrl: queueUrl(run, 'events'), Entries })
}

async function receiveBodies(run: FixtureRun, queue: string): Promise<unknown[]> {
  const input = { QueueUrl: queueUrl(run, queue), MaxNumberOfMessages: 10, VisibilityTimeout: 0 }
  const { body } = await callAws(run, 'sqs', 'AmazonSQS.ReceiveMessage', input)
  return (Array.isArray(body.Messages) ? body.Messages : []).map(({ Body }) => Body)
}

/** The bodies of each batch that the function logged. */
const batches = (run: FixtureRun): unknown[] =>
  run.lines.filter((line) => line.startsWith('Worker: [')).map((line) => JSON.parse(line.slice('Worker: '.length)))

const logBodies = 'console.log(JSON.stringify(Records.map(({ body }) => body)))'

describe('an event source mapping', () => {
  it('passes the messages of a queue to the function in the format of Lambda', async () => {
    const tableArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/log'
    const run = await runFixture(
      polledStack({
        code: `import { call } from './aws.mjs'
          export const handler = async ({ Records }) => {
            for (const record of Records) {
              const Item = { id: { S: record.messageId }, record: { S: JSON.stringify(record) } }
              await call('dynamodb', 'DynamoDB_20120810.PutItem', { TableName: 'log', Item })
            }
          }`,
        allow: [pollingStatement, { Effect: 'Allow', Action: 'dynamodb:PutItem', Resource: tableArn }],
        additional: {
          functions: {
            Receiver: {
              code: `import { call } from './aws.mjs'
                export const handler = ({ body }) =>
                  call('sqs', 'AmazonSQS.SendMessage', { QueueUrl: process.env.QUEUE_URL, MessageBody: body })`,
              allow: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queueArn }],
              properties: { Environment: { Variables: { QUEUE_URL: { Ref: 'Queue' } } } },
            },
          },
          routes: { 'POST /events': 'Receiver' },
          resources: {
            Log: {
              Type: 'AWS::DynamoDB::Table',
              Properties: {
                TableName: 'log',
                BillingMode: 'PAY_PER_REQUEST',
                AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
                KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
              },
            },
          },
        },
      }),
    )
    await fetch(`${run.url}/events`, { method: 'POST', headers: { 'content-type': 'text/plain' }, body: 'opened' })
    await run.idle()
    const { body } = await callAws(run, 'dynamodb', 'DynamoDB_20120810.Scan', { TableName: 'log' })
    const [item] = Array.isArray(body.Items) ? body.Items : []
    expect(JSON.parse(item.record.S)).toEqual({
      messageId: item.id.S,
      receiptHandle: expect.any(String),
      body: 'opened',
      attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: expect.stringMatching(/^\d{13}$/),
        ApproximateFirstReceiveTimestamp: expect.stringMatching(/^\d{13}$/),
        SenderId: expect.any(String),
      },
      messageAttributes: {},
      md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/),
      eventSource: 'aws:sqs',
      eventSourceARN: queueArn,
      awsRegion: 'us-east-1',
    })
  })

  it('waits until the end of its window to fill a batch', async () => {
    const code = `export const handler = async ({ Records }) => { ${logBodies} }`
    const mapping = { BatchSize: 20, MaximumBatchingWindowInSeconds: 1 }
    const run = await runFixture(polledStack({ code, mapping }), { logs: 'all', batchingWindowSeconds: 0.3 })
    await sendMessages(run, 'a', 'b')
    await sendMessages(run, ...'cdefghijkl')
    await run.idle()
    expect(batches(run)).toEqual([['a', 'b', ...'cdefghijkl']])
  })

  it('retries only the messages that the function reports as failed', async () => {
    const code = `export const handler = async ({ Records }) => {
      ${logBodies}
      const failed = Records.filter(({ body, attributes }) => body === 'bad' && attributes.ApproximateReceiveCount === '1')
      return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) }
    }`
    const mapping = { FunctionResponseTypes: ['ReportBatchItemFailures'] }
    const run = await runFixture(polledStack({ code, mapping }), { logs: 'all' })
    await sendMessages(run, 'good', 'bad', 'fine')
    await run.idle()
    expect(batches(run)).toEqual([['good', 'bad', 'fine'], ['bad']])
    expect(await receiveBodies(run, 'dead')).toEqual([])
  })

  it('delivers a failed message again when the visibility timeout ends that the function has set', async () => {
    const code = `import { call } from './aws.mjs'
      export const handler = async ({ Records }) => {
        ${logBodies}
        const failed = Records.filter(({ body, attributes }) => body === 'bad' && attributes.ApproximateReceiveCount === '1')
        const Entries = failed.map(({ receiptHandle }) => ({ Id: 'a', ReceiptHandle: receiptHandle, VisibilityTimeout: 1 }))
        const QueueUrl = process.env.QUEUE_URL
        if (failed.length > 0) await call('sqs', 'AmazonSQS.ChangeMessageVisibilityBatch', { QueueUrl, Entries })
        return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) }
      }`
    const allow = [pollingStatement, { Effect: 'Allow', Action: 'sqs:ChangeMessageVisibility', Resource: queueArn }]
    const properties = { Environment: { Variables: { QUEUE_URL: { Ref: 'Queue' } } } }
    const mapping = { FunctionResponseTypes: ['ReportBatchItemFailures'] }
    const run = await runFixture(polledStack({ code, allow, mapping, properties }), {
      logs: 'all',
      visibilityTimeoutSeconds: 60,
    })
    await sendMessages(run, 'good', 'bad')
    const startedAtMs = performance.now()
    await run.idle(10_000)
    expect(batches(run)).toEqual([['good', 'bad'], ['bad']])
    expect(performance.now() - startedAtMs).toBeGreaterThan(900)
    expect(run.denials).toEqual([])
  })

  it('moves a message to the dead-letter queue after maxReceiveCount receives', async () => {
    const code = `export const handler = async ({ Records }) => { ${logBodies}; throw new Error('never') }`
    const run = await runFixture(polledStack({ code }), { logs: 'all' })
    await sendMessages(run, 'poison')
    await run.idle()
    expect(batches(run)).toEqual([['poison'], ['poison']])
    expect(await receiveBodies(run, 'dead')).toEqual(['poison'])
  })

  it('processes the queued messages before the runner stops', async () => {
    const code = `export const handler = async ({ Records }) => { ${logBodies} }`
    const mapping = { BatchSize: 10, MaximumBatchingWindowInSeconds: 60 }
    const run = await runFixture(polledStack({ code, mapping }), { logs: 'all' })
    await sendMessages(run, 'a', 'b')
    await run.stop()
    expect(batches(run)).toEqual([['a', 'b']])
  })

  it('fails the start if the role of the function lacks a polling permission', async () => {
    const code = 'export const handler = async () => {}'
    const allow = [{ ...pollingStatement, Action: ['sqs:ReceiveMessage', 'sqs:GetQueueAttributes'] }]
    await expect(runFixture(polledStack({ code, allow }))).rejects.toThrow(
      `Mapping: the role of Fixture/Part/Worker lacks sqs:DeleteMessage on ${queueArn}`,
    )
  })
})

describe('TemplateRun.idle', () => {
  it('throws an error with the number of pending messages if the runner is not idle in time', async () => {
    const code = `export const handler = () => new Promise((resolve) => setTimeout(resolve, 500))`
    const run = await runFixture(polledStack({ code }))
    await sendMessages(run, 'x')
    await expect(run.idle(100)).rejects.toThrow(/not idle after 100 ms: 1 messages/)
  })
})
