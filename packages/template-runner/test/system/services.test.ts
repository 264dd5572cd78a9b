import { describe, expect, it, onTestFinished } from 'vitest'
import { callService, createAdminCall } from '../../src/endpoint/aws-call.ts'
import { deployTemplate, type TemplateRun } from '../../src/index.ts'
import { createTable } from '../../src/services/create-table.ts'
import { startDynamoDb } from '../../src/services/dynamodb.ts'
import { sweepExpired } from '../../src/services/ttl-sweep.ts'
import { writeAssembly } from './fixture-stack.ts'
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

describe('a secret', () => {
  it('is generated according to the template', async () => {
    const run = await runFixture({ resources: { Token: secret }, outputs: { Arn: { Ref: 'Token' } } })
    const { body } = await callAws(run, 'secretsmanager', 'secretsmanager.GetSecretValue', { SecretId: 'token' })
    expect(body).toMatchObject({ ARN: run.outputs.Arn, Name: 'token', VersionStages: ['AWSCURRENT'] })
    expect(JSON.parse(String(body.SecretString))).toEqual({
      kind: 'api',
      token: expect.stringMatching(/^[A-Za-z0-9]{48}$/),
    })
  })

  it('keeps its previous value after an update', async () => {
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

  it('gets another current version only if the caller names the one that is current', async () => {
    const run = await runFixture({ resources: { Token: secret } })
    const call = (action: string, input: object) =>
      callAws(run, 'secretsmanager', `secretsmanager.${action}`, { SecretId: 'token', ...input })
    const first = (await call('GetSecretValue', {})).body.VersionId
    const put = async (SecretString: string) =>
      (await call('PutSecretValue', { SecretString, VersionStages: ['AWSPENDING'] })).body.VersionId
    const [one, two] = [await put('one'), await put('two')]
    expect((await call('GetSecretValue', {})).body.VersionId).toBe(first)
    const makeCurrent = (MoveToVersionId: unknown, RemoveFromVersionId?: unknown) =>
      call('UpdateSecretVersionStage', { VersionStage: 'AWSCURRENT', MoveToVersionId, RemoveFromVersionId })
    const refusal = { status: 400, body: { __type: expect.stringContaining('InvalidParameterException') } }
    expect(await makeCurrent(one)).toMatchObject(refusal)
    expect(await makeCurrent('none', first)).toMatchObject(refusal)
    // The first of the two has lost its stage to the second, but still exists.
    expect(await makeCurrent(one, first)).toMatchObject({ status: 200 })
    expect(await makeCurrent(two, first)).toMatchObject(refusal)
    expect((await call('GetSecretValue', {})).body.SecretString).toBe('one')
    const { body } = await call('DescribeSecret', {})
    const stages = { [String(first)]: ['AWSPREVIOUS'], [String(one)]: ['AWSCURRENT'], [String(two)]: ['AWSPENDING'] }
    expect(body.VersionIdsToStages).toEqual(stages)
  })

  it('is reported as not found if it does not exist', async () => {
    const run = await runFixture({})
    const response = await callAws(run, 'secretsmanager', 'secretsmanager.GetSecretValue', { SecretId: 'none' })
    expect(response).toMatchObject({
      status: 400,
      body: { __type: expect.stringContaining('ResourceNotFoundException') },
    })
  })

  it('can be replaced after the deployment and before the start', async () => {
    const { directory, remove } = await writeAssembly({
      resources: { Token: secret },
      outputs: { Arn: { Ref: 'Token' } },
    })
    onTestFinished(remove)
    const deployed = await deployTemplate({ port: 0, assembly: directory })
    deployed.replaceSecret(deployed.outputs.Arn, 'replaced')
    deployed.replaceSecret(undefined, 'ignored')
    const run = deployed.start()
    onTestFinished(async () => void (await run.stop()))
    const { body } = await callAws(run, 'secretsmanager', 'secretsmanager.GetSecretValue', { SecretId: 'token' })
    expect(body.SecretString).toBe('replaced')
  })
})

describe('the option dynamodbUrl', () => {
  it('keeps the tables in the given endpoint and reuses them at the second start', async () => {
    const provider = await runFixture({})
    const table = {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      },
    }
    const stack = { resources: { Table: table }, outputs: { Name: { Ref: 'Table' } } }
    const put = (run: TemplateRun, id: string) => {
      const input = { TableName: run.outputs.Name, Item: { id: { S: id } } }
      return callAws(run, 'dynamodb', 'DynamoDB_20120810.PutItem', input)
    }
    const first = await runFixture(stack, { dynamodbUrl: provider.awsEndpointUrl })
    await put(first, 'one')
    await first.stop()
    const second = await runFixture(stack, { dynamodbUrl: provider.awsEndpointUrl })
    await put(second, 'two')
    const scan = { TableName: first.outputs.Name, Select: 'COUNT' }
    const { body } = await callAws(provider, 'dynamodb', 'DynamoDB_20120810.Scan', scan)
    expect(body.Count).toBe(2)
  })

  it('fails the start with a one-line error if the endpoint does not respond', async () => {
    const table = { Type: 'AWS::DynamoDB::Table', Properties: { AttributeDefinitions: [], KeySchema: [] } }
    const start = runFixture({ resources: { Table: table } }, { dynamodbUrl: 'http://127.0.0.1:1' })
    await expect(start).rejects.toThrow(/^DynamoDB at http:\/\/127\.0\.0\.1:1: /)
  })
})

describe('sweepExpired', () => {
  it('deletes only items that expired within the last five years', async () => {
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
