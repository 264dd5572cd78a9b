import { describe, expect, it } from 'vitest'
import { callAws, type FixtureRun, runFixture } from './run-fixture.ts'

const queue = { Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'events' } } }
const queueUrl = (run: FixtureRun) => `${run.awsEndpointUrl}/000000000000/events`

async function send(run: FixtureRun, body: string): Promise<number> {
  const input = { QueueUrl: queueUrl(run), MessageBody: body }
  return (await callAws(run, 'sqs', 'AmazonSQS.SendMessage', input)).status
}

async function receive(run: FixtureRun): Promise<unknown[]> {
  const input = { QueueUrl: queueUrl(run), MaxNumberOfMessages: 10, VisibilityTimeout: 0 }
  const { body } = await callAws(run, 'sqs', 'AmazonSQS.ReceiveMessage', input)
  return (Array.isArray(body.Messages) ? body.Messages : []).map(({ Body }) => Body).sort()
}

describe('an injected fault', () => {
  it('replaces the response, before or after the call takes effect', async () => {
    const run = await runFixture({ resources: queue })
    const removeFirst = run.inject({ service: 'sqs', action: 'SendMessage', status: 503 })
    expect(await send(run, 'refused')).toBe(503)
    removeFirst()
    const removeSecond = run.inject({ service: 'sqs', action: 'SendMessage', isLate: true })
    expect(await send(run, 'sent, but answered with 500')).toBe(500)
    removeSecond()
    run.inject({ service: 'sqs', action: 'SendMessage', effect: 'reset', isLate: true })
    await expect(send(run, 'sent without a response')).rejects.toThrow('fetch failed')
    expect(await receive(run)).toEqual(['sent without a response', 'sent, but answered with 500'])
  })

  it('concerns the calls that its numbers, its share and its random numbers select', async () => {
    const run = await runFixture({ resources: queue })
    const remove = run.inject({ service: 'sqs', action: 'SendMessage', afterCalls: 1, maxFailures: 2 })
    const statuses = []
    for (const body of ['1', '2', '3', '4']) statuses.push(await send(run, body))
    expect(statuses).toEqual([200, 500, 500, 200])
    remove()
    const numbers = [0.9, 0.1, 0.5]
    run.inject({ service: 'sqs', action: 'SendMessage', share: 0.5, random: () => numbers.shift() ?? 1 })
    expect([await send(run, '5'), await send(run, '6'), await send(run, '7')]).toEqual([200, 500, 200])
  })

  it('delays calls', async () => {
    const run = await runFixture({ resources: queue })
    run.inject({ service: 'sqs', action: 'SendMessage', effect: 'delay', delayMs: 300 })
    const startMs = performance.now()
    expect(await send(run, 'late')).toBe(200)
    expect(performance.now() - startMs).toBeGreaterThan(290)
  })
})

describe('a partial fault', () => {
  const entries = (...ids: string[]) => ids.map((Id) => ({ Id, MessageBody: Id }))

  it('fails every second entry of a batch for a queue', async () => {
    const run = await runFixture({ resources: queue })
    run.inject({ service: 'sqs', action: 'SendMessageBatch', effect: 'partial' })
    const sendBatch = (...ids: string[]) =>
      callAws(run, 'sqs', 'AmazonSQS.SendMessageBatch', { QueueUrl: queueUrl(run), Entries: entries(...ids) })
    const { body } = await sendBatch('a', 'b', 'c')
    expect(body).toMatchObject({ Successful: [{ Id: 'b' }], Failed: [{ Id: 'a' }, { Id: 'c' }] })
    expect((await sendBatch('d')).body).toMatchObject({ Successful: [], Failed: [{ Id: 'd', SenderFault: false }] })
    expect(await receive(run)).toEqual(['b'])
  })

  it('leaves every second key of a batch read unprocessed, and throttles a read of one key', async () => {
    const Properties = {
      TableName: 'items',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    }
    const run = await runFixture({ resources: { Table: { Type: 'AWS::DynamoDB::Table', Properties } } })
    const call = (action: string, input: object) => callAws(run, 'dynamodb', `DynamoDB_20120810.${action}`, input)
    for (const S of ['1', '2', '3']) await call('PutItem', { TableName: 'items', Item: { id: { S } } })
    run.inject({ service: 'dynamodb', action: 'BatchGetItem', effect: 'partial' })
    const read = (...ids: string[]) =>
      call('BatchGetItem', { RequestItems: { items: { Keys: ids.map((S) => ({ id: { S } })), ConsistentRead: true } } })
    expect((await read('1', '2', '3')).body).toMatchObject({
      Responses: { items: [{ id: { S: '2' } }] },
      UnprocessedKeys: { items: { Keys: [{ id: { S: '1' } }, { id: { S: '3' } }], ConsistentRead: true } },
    })
    expect(await read('1')).toMatchObject({
      status: 400,
      body: { __type: expect.stringContaining('ProvisionedThroughputExceededException') },
    })
  })
})

describe('an environment that is killed', () => {
  const arn = 'arn:aws:sqs:us-east-1:000000000000:events'
  const code = `import { call } from './aws.mjs'
let invocations = 0
export const handler = async () => {
  invocations += 1
  const QueueUrl = process.env.AWS_ENDPOINT_URL + '/000000000000/events'
  for (const MessageBody of ['1', '2', '3']) await call('sqs', 'AmazonSQS.SendMessage', { QueueUrl, MessageBody })
  return invocations
}`
  const Sender = { code, allow: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: arn }] }

  it.each([
    { isLate: false, sent: ['1'] },
    { isLate: true, sent: ['1', '2'] },
  ])(
    'at its second call fails the invocation, and the next one starts cold (late: $isLate)',
    async ({ isLate, sent }) => {
      const run = await runFixture({ resources: queue, functions: { Sender } })
      expect(await run.invoke('Sender', {})).toEqual({ kind: 'ok', payload: 1 })
      await callAws(run, 'sqs', 'AmazonSQS.PurgeQueue', { QueueUrl: queueUrl(run) })
      run.inject({ service: 'sqs', principal: 'Sender', effect: 'kill', isLate, afterCalls: 1, maxFailures: 1 })
      expect(await run.invoke('Sender', {})).toMatchObject({
        kind: 'failed',
        error: { errorType: 'Runtime.ExitError' },
      })
      expect(await receive(run)).toEqual(sent)
      expect(await run.invoke('Sender', {})).toEqual({ kind: 'ok', payload: 1 })
    },
  )
})

describe('an environment that is frozen', () => {
  const arn = 'arn:aws:sqs:us-east-1:000000000000:events'
  const code = `import { call } from './aws.mjs'
export const handler = async () => {
  let longestPauseMs = 0
  let lastTickMs = performance.now()
  const timer = setInterval(() => {
    longestPauseMs = Math.max(longestPauseMs, performance.now() - lastTickMs)
    lastTickMs = performance.now()
  }, 5)
  const QueueUrl = process.env.AWS_ENDPOINT_URL + '/000000000000/events'
  for (const MessageBody of ['1', '2']) await call('sqs', 'AmazonSQS.SendMessage', { QueueUrl, MessageBody })
  await new Promise((resolve) => setTimeout(resolve, 20))
  clearInterval(timer)
  return longestPauseMs
}`
  const Sender = { code, allow: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: arn }] }

  it.each([false, true])('during a call stands still, with its timers, and then goes on (late: %s)', async (isLate) => {
    const run = await runFixture({ resources: queue, functions: { Sender } })
    const failed: unknown[] = []
    run.inject({
      principal: 'Sender',
      effect: 'freeze',
      delayMs: 700,
      isLate,
      maxFailures: 1,
      onFailure: (call) => failed.push(call),
    })
    const outcome = await run.invoke('Sender', {})
    expect(outcome.kind === 'ok' && Number(outcome.payload)).toBeGreaterThan(650)
    expect(await receive(run)).toEqual(['1', '2'])
    expect(failed).toEqual([{ service: 'sqs', action: 'SendMessage' }])
  })
})

describe('a shifted clock', () => {
  it('concerns the function only, and not its deadline', async () => {
    const code = `const { now } = Date
export const handler = async (_event, context) =>
  ({ now: now(), date: new Date().getTime(), fixed: new Date(5).getTime(), left: context.getRemainingTimeInMillis() })`
    const run = await runFixture({ functions: { Clock: { code } } })
    const read = async () => {
      const outcome = await run.invoke('Clock', {})
      return (outcome.kind === 'ok' ? outcome.payload : {}) as {
        now: number
        date: number
        fixed: number
        left: number
      }
    }
    await read()
    run.shiftClock('Clock', -3_600_000)
    const { now, date, fixed, left } = await read()
    expect(Math.abs(Date.now() - 3_600_000 - now)).toBeLessThan(60_000)
    expect(Math.abs(date - now)).toBeLessThan(1000)
    expect(fixed).toBe(5)
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(3000)
    run.shiftClock('Clock', 0)
    expect(Math.abs(Date.now() - (await read()).now)).toBeLessThan(60_000)
  })
})
