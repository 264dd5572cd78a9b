import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { runFixture } from './run-fixture.ts'

describe('an emulated function', () => {
  it('gets the environment variables of its template and of Lambda only', async () => {
    process.env.NOT_FOR_FUNCTIONS = 'x'
    const code = 'export const handler = async () => process.env'
    const properties = { Environment: { Variables: { GREETING: 'hello' } }, MemorySize: 256 }
    const run = await runFixture({ functions: { Env: { code, properties } }, routes: { 'GET /': 'Env' } })
    const environment = Object(await (await fetch(run.url)).json())
    expect(environment).toMatchObject({
      GREETING: 'hello',
      AWS_REGION: 'us-east-1',
      AWS_LAMBDA_FUNCTION_NAME: 'Fixture-Env',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '256',
      AWS_ENDPOINT_URL: run.awsEndpointUrl,
      _HANDLER: 'index.handler',
    })
    const others = Object.keys(environment).filter(
      (name) => !/^(AWS_|LAMBDA_|_HANDLER$|TZ$|LANG$|GREETING$)/.test(name),
    )
    expect(others).toEqual([])
  })

  it('gets a context with the time remaining until its timeout', async () => {
    const code = `export const handler = async (_event, context) =>
      ({ ...context, left: context.getRemainingTimeInMillis() })`
    const run = await runFixture({
      functions: { Ctx: { code, properties: { Timeout: 7 } } },
      routes: { 'GET /': 'Ctx' },
    })
    const context = Object(await (await fetch(run.url)).json())
    expect(context).toMatchObject({ functionName: 'Fixture-Ctx', memoryLimitInMB: '128', functionVersion: '$LATEST' })
    expect(context.invokedFunctionArn).toBe('arn:aws:lambda:us-east-1:000000000000:function:Fixture-Ctx')
    expect(context.left).toBeGreaterThan(6000)
    expect(context.left).toBeLessThanOrEqual(7000)
  })

  it('is terminated at its timeout, even in an endless loop, and can be invoked again', async () => {
    const code = `export const handler = async ({ rawPath }) => { while (rawPath === '/loop'); return 'ok' }`
    const run = await runFixture({
      functions: { Loop: { code, properties: { Timeout: 1 } } },
      routes: { 'GET /{path}': 'Loop' },
    })
    expect((await fetch(`${run.url}/loop`)).status).toBe(500)
    expect(run.lines.join('\n')).toContain('Task timed out after 1.00 seconds')
    expect(await (await fetch(`${run.url}/fine`)).text()).toBe('ok')
  })

  it.each([
    ['an error thrown by its handler', `throw new Error('broken')`, 'broken'],
    ['an uncaught exception', `setTimeout(() => { throw new Error('late') }); await new Promise(() => {})`, 'late'],
    ['an exit', `process.exit(3)`, 'Runtime exited with code 3'],
  ])('fails only one invocation on %s', async (_what, statement, reason) => {
    const code = `export const handler = async ({ rawPath }) => { if (rawPath === '/bad') { ${statement} } return 'ok' }`
    const run = await runFixture({ functions: { Bad: { code } }, routes: { 'GET /{path}': 'Bad' } })
    const response = await fetch(`${run.url}/bad`)
    expect([response.status, await response.text()]).toEqual([500, '{"message":"Internal Server Error"}'])
    expect(run.lines.join('\n')).toContain(reason)
    expect(await (await fetch(`${run.url}/good`)).text()).toBe('ok')
  })

  it('fails if its response has more bytes than Lambda returns, whatever the number of characters', async () => {
    // With its quotes, the response has 6 291 556 bytes for a length of 2 097 184.
    const code = `export const handler = async ({ length, extra }) => '王'.repeat(length) + 'x'.repeat(extra)`
    const run = await runFixture({ functions: { Large: { code } } })
    expect(await run.invoke('Large', { length: 2_097_184, extra: 2 })).toMatchObject({ kind: 'ok' })
    expect(await run.invoke('Large', { length: 2_097_184, extra: 3 })).toMatchObject({
      kind: 'failed',
      error: {
        errorType: 'Function.ResponseSizeTooLarge',
        errorMessage: expect.stringContaining('(6291557 bytes) exceeded'),
      },
    })
  })

  it('has environments with provisioned concurrency initialized at start, and frozen until their first invocation', async () => {
    const code = `const startedAt = Date.now()
      let ticks = 0
      setInterval(() => { ticks += 1 }, 5)
      export const handler = async () => ({ startedAt, ticks })`
    const Live = {
      Type: 'AWS::Lambda::Alias',
      Properties: {
        FunctionName: { Ref: 'Warm' },
        FunctionVersion: '1',
        Name: 'live',
        // One of them is still frozen when the run stops.
        ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 2 },
      },
    }
    const run = await runFixture({ functions: { Warm: { code }, Idle: { code } }, resources: { Live } })
    await sleep(1000)
    const invokedAt = Date.now()
    const invoke = async (name: string) => Object(await run.invoke(name, {})).payload
    const { startedAt, ticks } = await invoke('Warm')
    expect(startedAt).toBeLessThan(invokedAt)
    // The timer would have run some two hundred times.
    expect(ticks).toBeLessThan(50)
    expect((await invoke('Idle')).startedAt).toBeGreaterThanOrEqual(invokedAt)
    expect((await invoke('Warm')).startedAt).toBe(startedAt)
  })

  it('is throttled beyond its reserved concurrency', async () => {
    const code = `export const handler = () => new Promise((done) => setTimeout(done, 300, 'ok'))`
    const properties = { ReservedConcurrentExecutions: 2 }
    const run = await runFixture({ functions: { Few: { code, properties } }, routes: { 'GET /': 'Few' } })
    const responses = await Promise.all(Array.from({ length: 4 }, () => fetch(run.url)))
    expect(responses.map(({ status }) => status).toSorted()).toEqual([200, 200, 503, 503])
    expect(run.lines).toContain(
      'Few: TooManyRequestsException: Rate Exceeded: the reserved concurrency of 2 is used up',
    )
    const [first, second, third] = await Promise.all([1, 2, 3].map(() => run.invoke('Few', {})))
    expect([first, second]).toMatchObject([{ kind: 'ok' }, { kind: 'ok' }])
    expect(third).toMatchObject({ kind: 'failed', error: { errorType: 'TooManyRequestsException' } })
  })

  it('cannot have more provisioned environments than it reserves', async () => {
    const Live = {
      Type: 'AWS::Lambda::Alias',
      Properties: {
        FunctionName: { Ref: 'Warm' },
        FunctionVersion: '1',
        Name: 'live',
        ProvisionedConcurrencyConfig: { ProvisionedConcurrentExecutions: 3 },
      },
    }
    const Warm = { code: 'export const handler = () => {}', properties: { ReservedConcurrentExecutions: 2 } }
    await expect(runFixture({ functions: { Warm }, resources: { Live } })).rejects.toThrow(
      'Live: provisions 3 environments, but the function reserves 2',
    )
  })

  it('gets a new environment if the previous one crashed between invocations', async () => {
    const code = `export const handler = async () => { setTimeout(() => { throw new Error('afterwards') }, 20); return 'ok' }`
    const run = await runFixture({ functions: { Late: { code } }, routes: { 'GET /': 'Late' } })
    expect(await (await fetch(run.url)).text()).toBe('ok')
    await expect.poll(() => run.lines).toEqual(['Late: Error: afterwards'])
    expect(await (await fetch(run.url)).text()).toBe('ok')
  })

  it('runs concurrent invocations in separate environments, each of which runs one at a time', async () => {
    const code = `const id = Math.random()
      let running = 0, peak = 0
      export const handler = async () => {
        running += 1; peak = Math.max(peak, running)
        await new Promise((done) => setTimeout(done, 100))
        running -= 1
        return { id, peak }
      }`
    const run = await runFixture({ functions: { One: { code } }, routes: { 'GET /': 'One' } })
    const results = await Promise.all(
      Array.from({ length: 8 }, async () => Object(await (await fetch(run.url)).json())),
    )
    expect(results.map(({ peak }) => peak)).toEqual(Array(8).fill(1))
    const environments = new Set(results.map(({ id }) => id))
    expect(environments.size).toBeGreaterThan(1)
    expect(environments.size).toBeLessThan(8)
  })

  it('has only its warnings and errors printed by default, and every line with the option logs: all', async () => {
    const code = `export const handler = async () => {
      console.log('plain'); console.log('{"level":"INFO"}'); console.log('{"level":"ERROR","message":"x"}'); console.error('bad')
      await new Promise((done) => setTimeout(done, 20))
      return 'ok'
    }`
    const stack = { functions: { Log: { code } }, routes: { 'GET /': 'Log' } }
    const quiet = await runFixture(stack)
    await fetch(quiet.url)
    const verbose = await runFixture(stack, { logs: 'all' })
    await fetch(verbose.url)
    await expect.poll(() => quiet.lines.toSorted()).toEqual(['Log: bad', 'Log: {"level":"ERROR","message":"x"}'])
    await expect.poll(() => verbose.lines).toHaveLength(4)
  })
})
