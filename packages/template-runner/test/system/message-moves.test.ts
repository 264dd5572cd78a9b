import {
  CancelMessageMoveTaskCommand,
  DeleteQueueCommand,
  ListMessageMoveTasksCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
  type SQSServiceException,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs'
import { describe, expect, it } from 'vitest'
import { type FixtureRun, runFixture } from './run-fixture.ts'

const arnOf = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`
const deadArn = arnOf('dead')

const queueOf = (QueueName: string, RedrivePolicy?: object) => ({
  Type: 'AWS::SQS::Queue',
  Properties: { QueueName, ...(RedrivePolicy && { RedrivePolicy }) },
})
const redrivePolicy = { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 1 }
const resources = {
  Dead: queueOf('dead'),
  First: queueOf('first', redrivePolicy),
  Second: queueOf('second', redrivePolicy),
  Other: queueOf('other'),
}

async function runQueues() {
  const run = await runFixture({ resources })
  const credentials = { accessKeyId: 'admin', secretAccessKey: 'none' }
  const client = new SQSClient({ endpoint: run.awsEndpointUrl, region: run.region, credentials, maxAttempts: 1 })
  const queueUrl = (name: string) => `${run.awsEndpointUrl}/000000000000/${name}`

  async function receive(queue: string, VisibilityTimeout?: number) {
    const { Messages = [] } = await client.send(
      new ReceiveMessageCommand({
        QueueUrl: queueUrl(queue),
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
        VisibilityTimeout,
      }),
    )
    return Messages
  }
  async function send(queue: string, ...bodies: string[]) {
    const MessageAttributes = { mark: { DataType: 'String', StringValue: 'x' } }
    const Entries = bodies.map((body, index) => {
      return { Id: String(index), MessageBody: body, MessageGroupId: `group-${body}`, MessageAttributes }
    })
    await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl(queue), Entries }))
  }
  return {
    run,
    client,
    receive,
    send,
    /** Sends messages to a queue and makes them dead letters. */
    async kill(queue: string, ...bodies: string[]) {
      await send(queue, ...bodies)
      await receive(queue, 0)
      await receive(queue)
    },
    start: (SourceArn: string, DestinationArn?: string, MaxNumberOfMessagesPerSecond?: number) =>
      client.send(new StartMessageMoveTaskCommand({ SourceArn, DestinationArn, MaxNumberOfMessagesPerSecond })),
    async list(SourceArn = deadArn, MaxResults?: number) {
      const { Results } = await client.send(new ListMessageMoveTasksCommand({ SourceArn, MaxResults }))
      return Results ?? []
    },
    cancel: (TaskHandle: string) => client.send(new CancelMessageMoveTaskCommand({ TaskHandle })),
    deleteQueue: (queue: string) => client.send(new DeleteQueueCommand({ QueueUrl: queueUrl(queue) })),
  }
}

const bodiesOf = (messages: readonly { Body?: string | undefined }[]) => messages.map(({ Body }) => Body).toSorted()

/** Resolves when no task is running. */
const settle = (run: FixtureRun) => run.idle()

/** @returns the name, the code for the query protocol, the HTTP status and the text of the error of a rejected call. */
const errorOf = (call: Promise<unknown>) =>
  call.then(
    () => 'accepted',
    ({ name, message, $metadata }: SQSServiceException) => [name, $metadata.httpStatusCode, message],
  )

describe('StartMessageMoveTask', () => {
  it('moves dead letters back to the queues that they came from, as new messages with their attributes and group', async () => {
    const { run, kill, start, list, receive } = await runQueues()
    await kill('first', 'a', 'b')
    await kill('second', 'c')
    const startedMs = Date.now()
    const { TaskHandle } = await start(deadArn)
    expect(TaskHandle).toMatch(/^[A-Za-z0-9+/]+=*$/)
    await settle(run)
    expect(await list()).toEqual([
      {
        SourceArn: deadArn,
        Status: 'COMPLETED',
        ApproximateNumberOfMessagesMoved: 3,
        ApproximateNumberOfMessagesToMove: 3,
        StartedTimestamp: expect.any(Number),
      },
    ])
    expect(await receive('dead')).toEqual([])
    expect(bodiesOf(await receive('second'))).toEqual(['c'])
    const [first] = (await receive('first')).filter(({ Body }) => Body === 'a')
    expect(first).toMatchObject({
      Attributes: { ApproximateReceiveCount: '1', MessageGroupId: 'group-a' },
      MessageAttributes: { mark: { StringValue: 'x' } },
    })
    expect(Number(first?.Attributes?.SentTimestamp)).toBeGreaterThanOrEqual(startedMs)
    expect(Number(first?.Attributes?.ApproximateFirstReceiveTimestamp)).toBeGreaterThanOrEqual(startedMs)
  })

  it('moves dead letters to the destination if there is one, those sent to the dead-letter queue directly included', async () => {
    const { run, kill, send, start, list, receive } = await runQueues()
    await kill('first', 'a')
    await send('dead', 'direct')
    await start(deadArn, arnOf('other'))
    await settle(run)
    expect(bodiesOf(await receive('other'))).toEqual(['a', 'direct'])
    expect(await list()).toMatchObject([{ Status: 'COMPLETED', DestinationArn: arnOf('other') }])
  })

  it('fails at a message whose source is not known', async () => {
    const { run, send, start, list, receive } = await runQueues()
    await send('dead', 'direct')
    await start(deadArn)
    await settle(run)
    expect(await list()).toMatchObject([
      { Status: 'FAILED', FailureReason: 'CouldNotDetermineMessageSource', ApproximateNumberOfMessagesMoved: 0 },
    ])
    expect(bodiesOf(await receive('dead'))).toEqual(['direct'])
  })

  it('fails if the destination is deleted meanwhile', async () => {
    const { run, kill, start, list, deleteQueue } = await runQueues()
    await kill('first', 'a', 'b', 'c')
    await start(deadArn, arnOf('other'), 1)
    await deleteQueue('other')
    await settle(run)
    expect(await list()).toMatchObject([{ Status: 'FAILED', FailureReason: 'AWS.SimpleQueueService.NonExistentQueue' }])
  })

  it('moves at most the requested number of messages per second', async () => {
    const { run, kill, start } = await runQueues()
    await kill('first', 'a', 'b', 'c')
    const startedMs = Date.now()
    await start(deadArn, undefined, 10)
    await settle(run)
    expect(Date.now() - startedMs).toBeGreaterThanOrEqual(200)
  })

  it('leaves messages in the queue that are in flight', async () => {
    const { run, kill, start, receive } = await runQueues()
    await kill('first', 'a')
    await receive('dead', 1)
    await start(deadArn)
    await settle(run)
    expect(await receive('first')).toEqual([])
    await expect.poll(async () => bodiesOf(await receive('dead')), { timeout: 3000 }).toEqual(['a'])
  })

  it('rejects a second task for the same source, but not one after the first has ended', async () => {
    const { run, kill, start, cancel, list } = await runQueues()
    await kill('first', 'a', 'b')
    const { TaskHandle = '' } = await start(deadArn, arnOf('other'), 1)
    expect(await errorOf(start(deadArn))).toEqual([
      'InvalidParameterValue',
      400,
      'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
    ])
    await cancel(TaskHandle)
    await start(deadArn)
    await settle(run)
    expect((await list(deadArn, 10)).map(({ Status }) => Status)).toEqual(['COMPLETED', 'CANCELLED'])
    expect(await list()).toMatchObject([{ Status: 'COMPLETED' }])
  })

  it('rejects queues that do not exist or are not dead-letter queues, and invalid rates', async () => {
    const { start } = await runQueues()
    const missing = (parameter: string) => [
      'ResourceNotFoundException',
      404,
      `The resource that you specified for the ${parameter} parameter doesn't exist.`,
    ]
    expect(await errorOf(start(arnOf('none')))).toEqual(missing('SourceArn'))
    expect(await errorOf(start(deadArn, arnOf('none')))).toEqual(missing('DestinationArn'))
    expect(await errorOf(start(arnOf('first')))).toEqual([
      'InvalidParameterValue',
      400,
      'Source queue must be configured as a Dead Letter Queue.',
    ])
    for (const rate of [0, 501, 1.5])
      expect(await errorOf(start(deadArn, undefined, rate))).toMatchObject(['InvalidParameterValue', 400, /./])
  })
})

describe('CancelMessageMoveTask', () => {
  it('ends a task, whose remaining messages stay', async () => {
    const { run, kill, start, list, cancel, receive } = await runQueues()
    await kill('first', 'a', 'b', 'c')
    const { TaskHandle = '' } = await start(deadArn, undefined, 1)
    await expect.poll(async () => (await list())[0]?.ApproximateNumberOfMessagesMoved).toBe(1)
    expect(await list()).toMatchObject([{ Status: 'RUNNING', TaskHandle, MaxNumberOfMessagesPerSecond: 1 }])
    expect(await cancel(TaskHandle)).toMatchObject({ ApproximateNumberOfMessagesMoved: 1 })
    await settle(run)
    const [task] = await list()
    expect(task).toMatchObject({ Status: 'CANCELLED', ApproximateNumberOfMessagesMoved: 1 })
    expect(task).not.toHaveProperty('TaskHandle')
    expect(await receive('dead')).toHaveLength(2)
  })

  it('rejects handles of tasks that do not exist or have ended', async () => {
    const { run, start, cancel } = await runQueues()
    const { TaskHandle = '' } = await start(deadArn)
    await settle(run)
    expect(await errorOf(cancel(TaskHandle))).toMatchObject(['UnsupportedOperation', 400, /./])
    expect(await errorOf(cancel('foobar'))).toEqual([
      'InvalidParameterValue',
      400,
      'Value for parameter TaskHandle is invalid.',
    ])
    const handle = (sourceArn: string) => Buffer.from(JSON.stringify({ taskId: 'x', sourceArn })).toString('base64')
    expect(await errorOf(cancel(handle(deadArn)))).toEqual(['ResourceNotFoundException', 404, 'Task does not exist.'])
    expect(await errorOf(cancel(handle(arnOf('none'))))).toMatchObject(['ResourceNotFoundException', 404, /SourceArn/])
  })
})

describe('a function that starts a task to move messages', () => {
  const code = `export const handler = async () => {
    const scope = process.env.AWS_ACCESS_KEY_ID + '/20250101/' + process.env.AWS_REGION + '/sqs/aws4_request'
    const response = await fetch(process.env.AWS_ENDPOINT_URL, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': 'AmazonSQS.StartMessageMoveTask',
        authorization: 'AWS4-HMAC-SHA256 Credential=' + scope + ', SignedHeaders=host, Signature=0',
      },
      body: JSON.stringify({ SourceArn: '${deadArn}', DestinationArn: '${arnOf('other')}' }),
    })
    return response.status
  }`
  const fromDead = {
    Effect: 'Allow',
    Action: ['sqs:StartMessageMoveTask', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage', 'sqs:DeleteMessage'],
    Resource: deadArn,
  }
  const toOther = { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: arnOf('other') }

  it('needs permissions for the source and for the destination', async () => {
    const functions = {
      Allowed: { code, allow: [fromDead, toOther] },
      Denied: { code, allow: [fromDead] },
    }
    const run = await runFixture({ functions, resources })
    expect(await run.invoke('Denied', {})).toEqual({ kind: 'ok', payload: 400 })
    expect(run.denials).toMatchObject([{ action: 'sqs:SendMessage', resource: arnOf('other') }])
    expect(await run.invoke('Allowed', {})).toEqual({ kind: 'ok', payload: 200 })
  })
})
