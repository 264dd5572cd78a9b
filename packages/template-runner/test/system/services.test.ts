import { describe, expect, it } from 'vitest'
import type { LocalRun } from '../../../../local/run.ts'
import { callService, createAdminCall } from '../../src/endpoint/aws-call.ts'
import { createTable } from '../../src/services/create-table.ts'
import { startDynamoDb } from '../../src/services/dynamodb.ts'
import { sweepExpired } from '../../src/services/ttl-sweep.ts'
import { callAws, runFixture } from './run-fixture.ts'

const secret = {
  Type: 'AWS::SecretsManager::Secret',
  Properties: {
    Name: 'token',
    GenerateSecretString: {
      SecretStringTemplate: '{"kind":"api"}',
      GenerateStringKey: 'token',
      PasswordLength: 48,
      ExcludePunctuation: true,
    },
  },
}

describe('A secret', () => {
  it('is generated as the template says', async () => {
    const run = await runFixture({ resources: { Token: secret }, outputs: { Arn: { Ref: 'Token' } } })
    const { body } = await callAws(run, 'secretsmanager', 'secretsmanager.GetSecretValue', { SecretId: 'token' })
    expect(body).toMatchObject({ ARN: run.outputs.Arn, Name: 'token', VersionStages: ['AWSCURRENT'] })
    expect(JSON.parse(String(body.SecretString))).toEqual({
      kind: 'api',
      token: expect.stringMatching(/^[A-Za-z0-9]{48}$/),
    })
  })

  it('keeps its previous value when a new one is put', async () => {
    const run = await runFixture({ resources: { Token: secret } })
    const call = (action: string, input: object) =>
      callAws(run, 'secretsmanager', `secretsmanager.${action}`, { SecretId: 'token', ...input })
    await call('PutSecretValue', { SecretString: 'one' })
    await call('UpdateSecret', { SecretString: 'two' })
    expect((await call('GetSecretValue', {})).body.SecretString).toBe('two')
    expect((await call('GetSecretValue', { VersionStage: 'AWSPREVIOUS' })).body.SecretString).toBe('one')
    const { body } = await call('DescribeSecret', {})
    expect(Object.values(Object(body.VersionIdsToStages))).toEqual([['AWSPREVIOUS'], ['AWSCURRENT']])
  })

  it('that does not exist is not found', async () => {
    const run = await runFixture({})
    const answer = await callAws(run, 'secretsmanager', 'secretsmanager.GetSecretValue', { SecretId: 'none' })
    expect(answer).toMatchObject({
      status: 400,
      body: { __type: expect.stringContaining('ResourceNotFoundException') },
    })
  })

  it('that the stack puts out as key or token gets what the start was given', async () => {
    const run = await runFixture(
      { resources: { Token: secret }, outputs: { ApiTokenSecretArn: { Ref: 'Token' } } },
      { apiToken: 'mine' },
    )
    const { body } = await callAws(run, 'secretsmanager', 'secretsmanager.GetSecretValue', { SecretId: 'token' })
    expect(body.SecretString).toBe('{"token":"mine"}')
  })
})

describe('A DynamoDB endpoint of the user', () => {
  it('holds the tables, at the second start as at the first', async () => {
    const elsewhere = await runFixture({})
    const table = {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      },
    }
    const stack = { resources: { Table: table }, outputs: { Name: { Ref: 'Table' } } }
    const put = (run: LocalRun, id: string) => {
      const input = { TableName: run.outputs.Name, Item: { id: { S: id } } }
      return callAws(run, 'dynamodb', 'DynamoDB_20120810.PutItem', input)
    }
    const first = await runFixture(stack, { dynamodbUrl: elsewhere.awsEndpointUrl })
    await put(first, 'one')
    await first.stop()
    const second = await runFixture(stack, { dynamodbUrl: elsewhere.awsEndpointUrl })
    await put(second, 'two')
    const scan = { TableName: first.outputs.Name, Select: 'COUNT' }
    const { body } = await callAws(elsewhere, 'dynamodb', 'DynamoDB_20120810.Scan', scan)
    expect(body.Count).toBe(2)
  })

  it('that does not answer ends the start in one line', async () => {
    const table = { Type: 'AWS::DynamoDB::Table', Properties: { AttributeDefinitions: [], KeySchema: [] } }
    const start = runFixture({ resources: { Table: table } }, { dynamodbUrl: 'http://127.0.0.1:1' })
    await expect(start).rejects.toThrow(/^DynamoDB at http:\/\/127\.0\.0\.1:1: /)
  })
})

describe('An item whose time is over', () => {
  it('is deleted by the sweep, and no other', async () => {
    const dynamodb = await startDynamoDb()
    const environment = { dynamodb, target: { region: 'us-east-1' }, log: () => {} }
    const call = (action: string, input: object) =>
      callService(dynamodb, createAdminCall('dynamodb', action, 'us-east-1', { TableName: 'items', ...input }))
    await createTable(dynamodb, 'us-east-1', {
      TableName: 'items',
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    })
    const now = 1_800_000_000
    const times = { past: { N: `${now - 1}` }, future: { N: `${now + 1}` }, ancient: { N: '1' }, text: { S: '1' } }
    for (const [id, expires] of Object.entries(times)) await call('PutItem', { Item: { id: { S: id }, expires } })
    await call('PutItem', { Item: { id: { S: 'forever' } } })
    expect(await sweepExpired({ table: 'items', keys: ['id'], attribute: 'expires' }, environment, now)).toBe(1)
    expect(await call('Scan', { Select: 'COUNT' })).toMatchObject({ Count: 4 })
    expect(await call('GetItem', { Key: { id: { S: 'past' } } })).toEqual({})
    await dynamodb.close()
  })
})
