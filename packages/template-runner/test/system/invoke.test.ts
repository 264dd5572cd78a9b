import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda'
import { describe, expect, it } from 'vitest'
import { type FixtureRun, runFixture } from './run-fixture.ts'

const code = `export const handler = async (event) => {
  if (event.fail) throw new TypeError('requested failure')
  return { got: event }
}`
const arn = 'arn:aws:lambda:us-east-1:000000000000:function:Fixture-Echo'

async function invoke(
  { awsEndpointUrl }: Pick<FixtureRun, 'awsEndpointUrl'>,
  name: string,
  body: string,
  headers: Record<string, string> = {},
) {
  const authorization =
    'AWS4-HMAC-SHA256 Credential=admin/20250101/us-east-1/lambda/aws4_request, SignedHeaders=host, Signature=0'
  const url = `${awsEndpointUrl}/2015-03-31/functions/${encodeURIComponent(name)}/invocations`
  const response = await fetch(url, { method: 'POST', headers: { ...headers, authorization }, body })
  return { status: response.status, headers: response.headers, body: await response.json() }
}

describe("Lambda's action Invoke at the endpoint", () => {
  it('returns the payload of the function, by name or ARN', async () => {
    const run = await runFixture({ functions: { Echo: { code } } })
    for (const name of ['Fixture-Echo', arn]) {
      const { status, headers, body } = await invoke(run, name, '{"Action":"x","n":1}')
      expect({ status, body }).toEqual({ status: 200, body: { got: { Action: 'x', n: 1 } } })
      expect(headers.get('x-amz-function-error')).toBeNull()
    }
    expect(await invoke(run, 'Fixture-Echo', '')).toMatchObject({ body: { got: {} } })
  })

  it('returns the error of the function with status 200 and the header of Lambda', async () => {
    const run = await runFixture({ functions: { Echo: { code } } })
    const { status, headers, body } = await invoke(run, 'Fixture-Echo', '{"fail":true}')
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { errorType: 'TypeError', errorMessage: 'requested failure' },
    })
    expect(headers.get('x-amz-function-error')).toBe('Unhandled')
  })

  it('refuses unknown functions, payloads that are not JSON, and asynchronous invocations', async () => {
    const run = await runFixture({ functions: { Echo: { code } } })
    const unknown = await invoke(run, 'Other', '{}')
    expect(unknown.status).toBe(404)
    expect(unknown.headers.get('x-amzn-errortype')).toBe('ResourceNotFoundException')
    expect(await invoke(run, 'Fixture-Echo', '{')).toMatchObject({ status: 400 })
    const event = { 'x-amz-invocation-type': 'Event' }
    expect(await invoke(run, 'Fixture-Echo', '{}', event)).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining('emulates synchronous invocations only') },
    })
  })

  it('throttles a function whose reserved concurrency is used up', async () => {
    const run = await runFixture({ functions: { Echo: { code, properties: { ReservedConcurrentExecutions: 0 } } } })
    const { status, headers } = await invoke(run, 'Fixture-Echo', '{}')
    expect(status).toBe(429)
    expect(headers.get('x-amzn-errortype')).toBe('TooManyRequestsException')
  })

  it('needs a grant in the role of a function that calls it', async () => {
    const scope = '20250101/us-east-1/lambda/aws4_request'
    const caller = `export const handler = async () => {
      const { AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID } = process.env
      const credential = [AWS_ACCESS_KEY_ID, '${scope}'].join('/')
      const authorization = ['AWS4-HMAC-SHA256 Credential', credential + ', SignedHeaders=host, Signature=0'].join('=')
      const url = AWS_ENDPOINT_URL + '/2015-03-31/functions/Fixture-Echo/invocations'
      const response = await fetch(url, { method: 'POST', headers: { authorization }, body: '{}' })
      return { status: response.status }
    }`
    const allow = [{ Effect: 'Allow', Action: 'lambda:InvokeFunction', Resource: arn }]
    const run = await runFixture({
      functions: { Echo: { code }, Denied: { code: caller }, Allowed: { code: caller, allow } },
    })
    expect(await run.invoke('Denied', {})).toMatchObject({ payload: { status: 400 } })
    expect(run.denials).toMatchObject([{ action: 'lambda:InvokeFunction', resource: arn }])
    expect(await run.invoke('Allowed', {})).toMatchObject({ payload: { status: 200 } })
  })
})

describe('the concurrency at the endpoint', () => {
  it('is the quota of the account without what is reserved, and what a function has reserved, beside its settings', async () => {
    const run = await runFixture({
      functions: { Echo: { code, properties: { ReservedConcurrentExecutions: 7 } }, Other: { code } },
    })
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
    const client = new LambdaClient({ endpoint: run.awsEndpointUrl, region: 'us-east-1', credentials })
    const { AccountLimit, AccountUsage } = await client.send(new GetAccountSettingsCommand())
    expect(AccountLimit).toMatchObject({ ConcurrentExecutions: 1000, UnreservedConcurrentExecutions: 993 })
    expect(AccountUsage).toMatchObject({ FunctionCount: 2 })
    const read = (FunctionName: string) => client.send(new GetFunctionConcurrencyCommand({ FunctionName }))
    expect((await read('Fixture-Echo')).ReservedConcurrentExecutions).toBe(7)
    expect((await read('Fixture-Other')).ReservedConcurrentExecutions).toBeUndefined()
    const configuration = await client.send(new GetFunctionConfigurationCommand({ FunctionName: 'Fixture-Echo' }))
    expect(configuration).toMatchObject({ FunctionName: 'Fixture-Echo', State: 'Active' })
    for (const name of Object.keys(configuration.Environment?.Variables ?? {})) expect(name).not.toContain('AWS')
    await expect(read('none')).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    const actions = run.calls().map(({ action }) => action)
    expect(new Set(actions)).toEqual(
      new Set(['lambda:GetAccountSettings', 'lambda:GetFunctionConcurrency', 'lambda:GetFunctionConfiguration']),
    )
  })
})
