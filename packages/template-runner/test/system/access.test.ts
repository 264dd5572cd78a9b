import { describe, expect, it } from 'vitest'
import type { FixtureFunction } from './fixture-stack.ts'
import { callAws, runFixture } from './run-fixture.ts'

const table = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    TableName: 'events',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [
      { AttributeName: 'id', AttributeType: 'S' },
      { AttributeName: 'room', AttributeType: 'S' },
    ],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'byRoom',
        KeySchema: [{ AttributeName: 'room', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'ALL' },
      },
    ],
  },
}
const queue = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'events' } }
const tableArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/events'
const queueArn = 'arn:aws:sqs:us-east-1:000000000000:events'

/** A function that makes the AWS call in its request body and returns the response. */
function caller(...allow: object[]): FixtureFunction {
  const code = `import { call } from './aws.mjs'
    export const handler = async ({ body }) => {
      const { service, target, input } = JSON.parse(body)
      return call(service, target, input)
    }`
  return { code, allow }
}

async function runCaller(...allow: object[]) {
  const run = await runFixture({
    functions: { Caller: caller(...allow) },
    routes: { 'POST /': 'Caller' },
    resources: { Table: table, Queue: queue },
  })
  const call = async (service: string, target: string, input: object): Promise<unknown> => {
    const headers = { 'content-type': 'application/json' }
    const response = await fetch(run.url, { method: 'POST', headers, body: JSON.stringify({ service, target, input }) })
    return response.json()
  }
  return { run, call }
}

const queueUrl = (run: { awsEndpointUrl: string }) => `${run.awsEndpointUrl}/000000000000/events`

describe('an AWS call of a function', () => {
  it('is denied with the error of AWS, printed and recorded if its role does not allow it', async () => {
    const { run, call } = await runCaller({ Effect: 'Allow', Action: 'sqs:ReceiveMessage', Resource: queueArn })
    const response = await call('sqs', 'AmazonSQS.SendMessage', { QueueUrl: queueUrl(run), MessageBody: 'x' })
    expect(response).toEqual({
      status: 400,
      body: {
        __type: expect.stringMatching(/#AccessDeniedException$/),
        message: `User: arn:aws:sts::000000000000:assumed-role/Fixture-CallerRole/Fixture-Caller is not authorized to perform: sqs:SendMessage on resource: ${queueArn} because no identity-based policy allows the sqs:SendMessage action`,
      },
    })
    expect(run.denials).toEqual([{ function: 'Fixture/Part/Caller', action: 'sqs:SendMessage', resource: queueArn }])
    const printed = run.lines.filter((line) => line.startsWith('DENIED'))
    expect(printed).toEqual([expect.stringMatching(/Fixture\/Part\/Caller: sqs:SendMessage on arn:aws:sqs:.*:events /)])
  })

  it('is denied for other partition keys than those that a condition names', async () => {
    const condition = {
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['own'] },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    }
    const { run, call } = await runCaller({
      Effect: 'Allow',
      Action: ['dynamodb:PutItem', 'dynamodb:BatchWriteItem', 'dynamodb:Query', 'dynamodb:Scan'],
      Resource: tableArn,
      Condition: condition,
    })
    const send = (action: string, input: object) => call('dynamodb', `DynamoDB_20120810.${action}`, input)
    const put = (id: string) => ({ TableName: 'events', Item: { id: { S: id } } })
    const putRequest = (id: string) => ({ PutRequest: { Item: { id: { S: id } } } })
    const batch = (...ids: string[]) => ({ RequestItems: { events: ids.map(putRequest) } })
    expect(await send('PutItem', put('own'))).toMatchObject({ status: 200 })
    expect(await send('BatchWriteItem', batch('own'))).toMatchObject({ status: 200 })
    // The embedded engine has no transactions, but they are authorized first.
    await send('TransactWriteItems', { TransactItems: [{ Put: put('own') }] })
    expect(run.denials).toEqual([])
    const others: [string, object][] = [
      ['PutItem', put('other')],
      ['BatchWriteItem', batch('own', 'other')],
      ['TransactWriteItems', { TransactItems: [{ Put: put('own') }, { Put: put('other') }] }],
      ['Query', { TableName: 'events' }],
      ['Scan', { TableName: 'events' }],
    ]
    for (const [action, input] of others) expect(await send(action, input)).toMatchObject({ status: 400 })
    expect(run.denials).toHaveLength(others.length)
  })

  it('is executed and counted if its role allows it', async () => {
    const { run, call } = await runCaller({ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queueArn })
    const input = { QueueUrl: queueUrl(run), MessageBody: 'x' }
    expect(await call('sqs', 'AmazonSQS.SendMessage', input)).toMatchObject({ status: 200 })
    expect(await call('sqs', 'AmazonSQS.SendMessage', input)).toMatchObject({ status: 200 })
    expect(run.calls()).toEqual([
      { principal: 'Fixture/Part/Caller', action: 'sqs:SendMessage', resource: queueArn, count: 2 },
    ])
    expect(run.denials).toEqual([])
  })

  it('needs a grant on the index, not on the table, to query an index', async () => {
    const { run, call } = await runCaller({ Effect: 'Allow', Action: 'dynamodb:Query', Resource: tableArn })
    const query = (key: string) => ({
      TableName: 'events',
      KeyConditionExpression: `${key} = :value`,
      ExpressionAttributeValues: { ':value': { S: '1' } },
    })
    expect(await call('dynamodb', 'DynamoDB_20120810.Query', query('id'))).toMatchObject({ status: 200 })
    const onIndex = { ...query('room'), IndexName: 'byRoom' }
    expect(await call('dynamodb', 'DynamoDB_20120810.Query', onIndex)).toMatchObject({ status: 400 })
    expect(run.denials).toMatchObject([{ action: 'dynamodb:Query', resource: `${tableArn}/index/byRoom` }])
  })

  it('needs the grant of the single action for an SQS batch, and of the batch action on every table for a DynamoDB batch', async () => {
    const { run, call } = await runCaller({ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queueArn })
    const Entries = [{ Id: '1', MessageBody: 'x' }]
    const sent = await call('sqs', 'AmazonSQS.SendMessageBatch', { QueueUrl: queueUrl(run), Entries })
    expect(sent).toMatchObject({ status: 200 })
    const RequestItems = { events: { Keys: [{ id: { S: '1' } }] } }
    const got = await call('dynamodb', 'DynamoDB_20120810.BatchGetItem', { RequestItems })
    expect(got).toMatchObject({ status: 400 })
    expect(run.denials).toMatchObject([{ action: 'dynamodb:BatchGetItem', resource: tableArn }])
  })

  it('is denied by an explicit deny despite a grant', async () => {
    const { run, call } = await runCaller(
      { Effect: 'Allow', Action: 'sqs:*', Resource: '*' },
      { Effect: 'Deny', Action: 'sqs:PurgeQueue', Resource: queueArn },
    )
    const response = await call('sqs', 'AmazonSQS.PurgeQueue', { QueueUrl: queueUrl(run) })
    expect(response).toMatchObject({ status: 400, body: { message: expect.stringContaining('explicit deny') } })
  })

  it('is subject to the policy of the queue', async () => {
    const policy = (Condition: object | undefined, name: string) => ({
      Type: 'AWS::SQS::QueuePolicy',
      Properties: {
        PolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Deny', Principal: '*', Action: 'sqs:*', Resource: '*', ...(Condition && { Condition }) },
          ],
        },
        Queues: [{ Ref: name }],
      },
    })
    const run = await runFixture({
      functions: { Caller: caller({ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: '*' }) },
      routes: { 'POST /': 'Caller' },
      resources: {
        Open: queue,
        Shut: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'shut' } },
        OpenPolicy: policy({ Bool: { 'aws:SecureTransport': 'false' } }, 'Open'),
        ShutPolicy: policy(undefined, 'Shut'),
      },
    })
    const send = async (name: string) => {
      const input = { QueueUrl: `${run.awsEndpointUrl}/000000000000/${name}`, MessageBody: 'x' }
      const body = JSON.stringify({ service: 'sqs', target: 'AmazonSQS.SendMessage', input })
      const headers = { 'content-type': 'application/json' }
      return (await fetch(run.url, { method: 'POST', headers, body })).json()
    }
    expect(await send('events')).toMatchObject({ status: 200 })
    expect(await send('shut')).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('explicit deny') },
    })
  })

  it('fails with an injected fault until the fault is removed', async () => {
    const { run, call } = await runCaller({ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: queueArn })
    const send = () => call('sqs', 'AmazonSQS.SendMessage', { QueueUrl: queueUrl(run), MessageBody: 'x' })
    const remove = run.inject({ service: 'sqs', action: 'SendMessage', principal: 'Caller', status: 503 })
    expect(await send()).toMatchObject({ status: 503, body: { __type: expect.stringContaining('ServiceUnavailable') } })
    const others = await callAws(run, 'sqs', 'AmazonSQS.SendMessage', { QueueUrl: queueUrl(run), MessageBody: 'x' })
    expect(others.status).toBe(200)
    remove()
    expect(await send()).toMatchObject({ status: 200 })
  })
})

describe('an AWS call of any other caller', () => {
  it('is executed as the administrator', async () => {
    const run = await runFixture({ resources: { Table: table } })
    const put = { TableName: 'events', Item: { id: { S: '1' }, room: { S: 'r' } } }
    expect((await callAws(run, 'dynamodb', 'DynamoDB_20120810.PutItem', put)).status).toBe(200)
    const found = await callAws(run, 'dynamodb', 'DynamoDB_20120810.Query', {
      TableName: 'events',
      IndexName: 'byRoom',
      KeyConditionExpression: 'room = :room',
      ExpressionAttributeValues: { ':room': { S: 'r' } },
    })
    expect(found.body).toMatchObject({ Count: 1, Items: [put.Item] })
  })

  it('gets queue URLs at the address of the endpoint', async () => {
    const run = await runFixture({ resources: { Queue: queue } })
    const { body } = await callAws(run, 'sqs', 'AmazonSQS.GetQueueUrl', { QueueName: 'events' })
    expect(body).toEqual({ QueueUrl: queueUrl(run) })
  })

  it('is rejected and printed if the service is not emulated', async () => {
    const run = await runFixture({})
    expect((await callAws(run, 's3', 'S3.GetObject', {})).status).toBe(400)
    expect(run.lines).toContain('the local runner does not emulate the AWS service s3 (GetObject)')
  })
})

describe('runTemplate', () => {
  it('rejects a role with an unsupported managed policy', async () => {
    const resources = {
      Role: {
        Type: 'AWS::IAM::Role',
        Properties: {
          AssumeRolePolicyDocument: {},
          ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess'],
        },
      },
    }
    await expect(runFixture({ resources })).rejects.toThrow(/Role: .*AdministratorAccess/)
  })
})
