import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface FixtureFunction {
  /** Source of `index.mjs`. It can import `call` from `./aws.mjs`. */
  readonly code: string
  /** Statements of the function's role. */
  readonly allow?: readonly object[]
  /** Additional or replaced properties of the function resource. */
  readonly properties?: Readonly<Record<string, unknown>>
}

export interface FixtureStack {
  readonly functions?: Readonly<Record<string, FixtureFunction>>
  /** Maps a route key to a function. */
  readonly routes?: Readonly<Record<string, string>>
  readonly resources?: Readonly<Record<string, object>>
  readonly outputs?: Readonly<Record<string, unknown>>
}

/** A minimal AWS client for functions, so that fixtures need no SDK. */
const awsModule = `
export async function call(service, target, input) {
  const scope = process.env.AWS_ACCESS_KEY_ID + '/20250101/' + process.env.AWS_REGION + '/' + service + '/aws4_request'
  const response = await fetch(process.env.AWS_ENDPOINT_URL, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': target,
      'x-amz-date': '20250101T000000Z',
      'x-amz-security-token': process.env.AWS_SESSION_TOKEN,
      authorization: 'AWS4-HMAC-SHA256 Credential=' + scope + ', SignedHeaders=host, Signature=0',
    },
    body: JSON.stringify(input),
  })
  return { status: response.status, body: await response.json() }
}
`

/** Writes a cloud assembly in the format of the CDK. */
export async function writeAssembly(stack: FixtureStack): Promise<{ directory: string; remove: () => Promise<void> }> {
  const directory = await mkdtemp(join(tmpdir(), 'template-runner-'))
  const functions = Object.entries(stack.functions ?? {})
  for (const [id, { code }] of functions) {
    await mkdir(join(directory, `asset.${id}`))
    await writeFile(join(directory, `asset.${id}`, 'index.mjs'), code)
    await writeFile(join(directory, `asset.${id}`, 'aws.mjs'), awsModule)
  }
  const files = functions.map(([id]) => [
    id,
    { source: { path: `asset.${id}` }, destinations: { default: { objectKey: `${id}.zip` } } },
  ])
  await writeJson(directory, 'Fixture.assets.json', { files: Object.fromEntries(files) })
  await writeJson(directory, 'Fixture.template.json', templateOf(stack))
  await writeJson(directory, 'manifest.json', {
    artifacts: {
      'Fixture.assets': { type: 'cdk:asset-manifest', properties: { file: 'Fixture.assets.json' } },
      Fixture: { type: 'aws:cloudformation:stack', properties: { templateFile: 'Fixture.template.json' } },
    },
  })
  return { directory, remove: () => rm(directory, { recursive: true, force: true }) }
}

function writeJson(directory: string, name: string, value: object): Promise<void> {
  return writeFile(join(directory, name), JSON.stringify(value))
}

function templateOf(stack: FixtureStack): object {
  const functions = Object.entries(stack.functions ?? {}).map(([id, fixture]) => functionResources(id, fixture))
  const routes = Object.entries(stack.routes ?? {}).map(([key, id], index) => routeResources(key, id, index))
  const outputs = Object.entries(stack.outputs ?? {}).map(([name, Value]) => [name, { Value }])
  return {
    Resources: Object.assign(
      { Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'Api', ProtocolType: 'HTTP' } } },
      ...functions,
      ...routes,
      stack.resources,
    ),
    Outputs: Object.fromEntries(outputs),
  }
}

function functionResources(id: string, { allow = [], properties = {} }: FixtureFunction): object {
  return {
    [`${id}Role`]: {
      Type: 'AWS::IAM::Role',
      Properties: {
        AssumeRolePolicyDocument: {},
        Policies:
          allow.length === 0
            ? []
            : [{ PolicyName: 'inline', PolicyDocument: { Version: '2012-10-17', Statement: allow } }],
      },
    },
    [id]: {
      Type: 'AWS::Lambda::Function',
      Metadata: { 'aws:cdk:path': `Fixture/Part/${id}/Resource` },
      Properties: {
        Code: { S3Bucket: 'assets', S3Key: `${id}.zip` },
        Handler: 'index.handler',
        Role: { 'Fn::GetAtt': [`${id}Role`, 'Arn'] },
        Runtime: 'nodejs24.x',
        ...properties,
      },
    },
  }
}

function routeResources(key: string, functionId: string, index: number): object {
  const path = key === '$default' ? '/$default' : key.replace(/^\S+ /, '')
  const source = ['arn:aws:execute-api:us-east-1:', { Ref: 'AWS::AccountId' }, ':', { Ref: 'Api' }, `/*/*${path}`]
  return {
    [`Integration${index}`]: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        ApiId: { Ref: 'Api' },
        IntegrationType: 'AWS_PROXY',
        IntegrationUri: { 'Fn::GetAtt': [functionId, 'Arn'] },
        PayloadFormatVersion: '2.0',
      },
    },
    [`Permission${index}`]: {
      Type: 'AWS::Lambda::Permission',
      Properties: {
        Action: 'lambda:InvokeFunction',
        FunctionName: { 'Fn::GetAtt': [functionId, 'Arn'] },
        Principal: 'apigateway.amazonaws.com',
        SourceArn: { 'Fn::Join': ['', source] },
      },
    },
    [`Route${index}`]: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: { Ref: 'Api' },
        RouteKey: key,
        Target: { 'Fn::Join': ['', ['integrations/', { Ref: `Integration${index}` }]] },
      },
    },
  }
}
