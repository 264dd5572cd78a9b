import { ConditionalCheckFailedException, DynamoDBClient, UpdateTableCommand } from '@aws-sdk/client-dynamodb'
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns'
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type EmulatedAwsOptions, startEmulatedAws } from '../../../src/metering/emulated-aws.ts'

const table = {
  AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
  KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  // Ignored, as the other properties of a template's table are.
  TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
}

async function startAwsWithClient(options: EmulatedAwsOptions = {}) {
  const aws = await startEmulatedAws(options)
  onTestFinished(() => aws.stop())
  const config = {
    endpoint: aws.endpointUrl,
    region: aws.region,
    credentials: { accessKeyId: 'a', secretAccessKey: 's' },
    maxAttempts: 1,
  }
  const dynamodb = DynamoDBDocumentClient.from(new DynamoDBClient(config))
  return { aws, config, dynamodb }
}

describe('startEmulatedAws', () => {
  it('returns sent messages once', async () => {
    const { aws, config } = await startAwsWithClient()
    const queueUrl = await aws.createQueue('events')
    const sqs = new SQSClient(config)
    const bodies = Array.from({ length: 12 }, (_, index) => `message ${index}`)
    for (const MessageBody of bodies) await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }))
    expect(await aws.takeMessages(queueUrl)).toEqual(bodies)
    expect(await aws.takeMessages(queueUrl)).toEqual([])
    expect(aws.takeUsage().requests).toEqual(new Map([['sqs:SendMessage', 12]]))
  })

  it('accepts messages to its topics and serves its secrets', async () => {
    const { aws, config } = await startAwsWithClient()
    const TopicArn = await aws.createTopic('alerts')
    const SecretId = aws.createSecret('token', 'secret text')
    await new SNSClient(config).send(new PublishCommand({ TopicArn, Message: 'text' }))
    const secret = await new SecretsManagerClient(config).send(new GetSecretValueCommand({ SecretId }))
    expect(secret.SecretString).toBe('secret text')
    expect(aws.takeUsage().requests).toEqual(
      new Map([
        ['sns:Publish', 1],
        ['secretsmanager:GetSecretValue', 1],
      ]),
    )
  })

  it('meters requests, units and stored bytes of DynamoDB until they are taken', async () => {
    const { aws, dynamodb } = await startAwsWithClient()
    await aws.createTable('Items', table)
    const Item = { id: 'a', text: 'x'.repeat(1500) }
    await dynamodb.send(new PutCommand({ TableName: 'Items', Item }))
    await dynamodb.send(new GetCommand({ TableName: 'Items', Key: { id: 'a' }, ConsistentRead: true }))
    expect(aws.takeUsage()).toEqual({
      requests: new Map([
        ['dynamodb:PutItem', 1],
        ['dynamodb:GetItem', 1],
      ]),
      throttledRequests: 0,
      writeUnits: 2,
      readUnits: 1,
    })
    expect(aws.storedBytes('Items')).toBe('ida'.length + 'text'.length + 1500 + 100)
    expect(aws.takeUsage()).toEqual({ requests: new Map(), throttledRequests: 0, writeUnits: 0, readUnits: 0 })
  })

  it('returns the attributes before or after an update only on request', async () => {
    const { aws, dynamodb } = await startAwsWithClient()
    await aws.createTable('Items', table)
    const update = {
      TableName: 'Items',
      Key: { id: 'a' },
      UpdateExpression: 'SET seen = :seen',
      ExpressionAttributeValues: { ':seen': true },
    }
    expect((await dynamodb.send(new UpdateCommand(update))).Attributes).toBeUndefined()
    const { Attributes } = await dynamodb.send(new UpdateCommand({ ...update, ReturnValues: 'ALL_NEW' }))
    expect(Attributes).toEqual({ id: 'a', seen: true })
    const later = { ...update, ExpressionAttributeValues: { ':seen': false }, ReturnValues: 'ALL_OLD' as const }
    expect((await dynamodb.send(new UpdateCommand(later))).Attributes).toEqual({ id: 'a', seen: true })
    const first = { ...later, Key: { id: 'b' } }
    expect((await dynamodb.send(new UpdateCommand(first))).Attributes).toBeUndefined()
  })

  it('returns the existing item of a failed condition on request', async () => {
    const { aws, dynamodb } = await startAwsWithClient()
    await aws.createTable('Items', table)
    const put = { TableName: 'Items', Item: { id: 'a' }, ConditionExpression: 'attribute_not_exists(id)' }
    await dynamodb.send(new PutCommand(put))
    const failure = dynamodb.send(new PutCommand({ ...put, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' }))
    await expect(failure).rejects.toSatisfy(
      (error) => error instanceof ConditionalCheckFailedException && error.Item?.id?.S === 'a',
    )
  })

  it('throttles the writes of a partition above its limit, once it has one', async () => {
    const { aws, dynamodb } = await startAwsWithClient()
    await aws.createTable('Items', table)
    const put = (id: string) => dynamodb.send(new PutCommand({ TableName: 'Items', Item: { id } }))
    await put('a')
    aws.limitPartitions(1)
    await put('a')
    await expect(put('a')).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' })
    await put('b')
    expect(aws.takeUsage()).toMatchObject({ throttledRequests: 1, requests: new Map([['dynamodb:PutItem', 3]]) })
  })

  it('gives back what a failed condition leaves of the units of its write', async () => {
    const { aws, dynamodb } = await startAwsWithClient()
    await aws.createTable('Items', table)
    const put = (kb: number, conditions: { readonly ConditionExpression?: string } = {}) =>
      dynamodb.send(
        new PutCommand({ TableName: 'Items', Item: { id: 'a', text: 'x'.repeat(kb * 1024 - 100) }, ...conditions }),
      )
    await put(1)
    aws.limitPartitions(3)
    const onlyNew = put(3, { ConditionExpression: 'attribute_not_exists(id)' })
    await expect(onlyNew).rejects.toBeInstanceOf(ConditionalCheckFailedException)
    await put(2)
    await expect(put(1)).rejects.toMatchObject({ name: 'ProvisionedThroughputExceededException' })
  })

  it('rejects operations that it cannot meter', async () => {
    const { config } = await startAwsWithClient()
    const update = new DynamoDBClient(config).send(new UpdateTableCommand({ TableName: 'Items' }))
    await expect(update).rejects.toMatchObject({ name: 'UnknownOperationException' })
  })
})
