import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { type BenchBundles, readBundles } from '../../bench/bundles.ts'
import { lambdaEnvironment } from '../../bench/function.ts'
import { createGatewayEvent } from '../support/api-gateway.ts'
import { type FakeAws, startFakeAws } from '../support/fake-aws.ts'
import { type FrozenFunction, startFrozenFunction } from '../support/frozen-function.ts'
import { signParameters } from '../support/system.ts'

const hourMs = 3_600_000

describe('the bundle of a function in a process that is stopped between invocations', () => {
  let aws: FakeAws
  let bundles: BenchBundles
  let running: FrozenFunction<APIGatewayProxyStructuredResultV2> | undefined

  beforeEach(async () => {
    aws = await startFakeAws()
    bundles = await readBundles(inject('assemblies').strict)
  })
  afterEach(async () => {
    await running?.stop()
    aws.stop()
  })

  async function start(bundle: string, service: string, environment: Record<string, string>) {
    const variables = { ...lambdaEnvironment(service, aws.endpointUrl), ...environment }
    running = await startFrozenFunction(bundles.bundle(bundle), variables)
    return running
  }

  async function startReceiver() {
    const receiver = await start('ReceiveCallback', 'receive-callback', {
      EVENT_QUEUE_URL: `${aws.endpointUrl}/1/events`,
      STATE_TABLE: 'state',
      RETENTION_DAYS: '400',
      CHECK_CODE_SECRET_ARN: 'check-code',
      ALLOW_UNSIGNED: 'false',
      ALLOWED_CIDRS: '',
    })
    let callbacks = 0
    return {
      output: receiver.output,
      /** @returns the status of the response to a callback that is signed with `key`. */
      async receive(key: string, frozenForMs?: number) {
        const join = { event: 'join', trace_id: `t${callbacks++}`, room_id: 'R', user_id: 'U', event_type: 'normal' }
        const query = String(new URLSearchParams(signParameters(join, key)))
        return (await receiver.invoke(createGatewayEvent({ query }), frozenForMs)).statusCode
      },
    }
  }

  it('accepts callbacks with a new key after a freeze, over a new connection, and refuses a retired one', async () => {
    aws.secrets.set('check-code', '{"current":"k1","previous":null}')
    const { receive } = await startReceiver()
    // The initialization was frozen for an hour, and its request has lost its connection.
    aws.closeConnections()
    expect(await receive('k1', hourMs)).toBe(200)
    aws.secrets.set('check-code', '{"current":"k2","previous":"k1"}')
    aws.closeConnections()
    expect(await receive('k2', hourMs)).toBe(200)
    expect(await receive('k1')).toBe(200)
    aws.secrets.set('check-code', 'k2')
    aws.closeConnections()
    expect(await receive('k1', hourMs)).toBe(401)
    expect(aws.messages).toHaveLength(3)
  })

  it('does not lose a callback at a cold start to a request for the key that was throttled', async () => {
    aws.secrets.set('check-code', 'k1')
    aws.failures.push(...Array.from({ length: 4 }, () => 'ThrottlingException'))
    const { receive } = await startReceiver()
    expect(await receive('k1')).toBe(200)
  })

  it('keeps the last usable key, reports an unusable secret once without its text, and uses its correction', async () => {
    aws.secrets.set('check-code', 'k1')
    const { receive, output } = await startReceiver()
    expect(await receive('k1')).toBe(200)
    aws.secrets.set('check-code', '{"Zq8vT2mLw0":"PxR7sKAKdH"}')
    expect(await receive('k1', hourMs)).toBe(200)
    for (let times = 0; times < 3; times++) expect(await receive('Zq8vT2mLw0', 5_000)).toBe(401)
    expect(output().match(/secret is unusable/g)).toHaveLength(1)
    expect(output()).toContain('"SecretsUnusable":1')
    expect(output()).not.toMatch(/Zq8v|PxR7/)
    aws.secrets.set('check-code', 'k2')
    expect(await receive('k2', 3_000)).toBe(200)
  })

  it('accepts a new API token at the first query after an hour, and refuses the one that it replaced', async () => {
    aws.secrets.set('api-token', '{"token":"t1"}')
    const queryApi = await start('QueryApi', 'query-api', {
      EVENT_LOG_TABLE: 'log',
      STATE_TABLE: 'state',
      API_TOKEN_SECRET_ARN: 'api-token',
      LAMBDA_TASK_ROOT: '/var/task',
      EVENT_QUEUE_URL: `${aws.endpointUrl}/1/events`,
      DEAD_LETTER_QUEUE_URL: `${aws.endpointUrl}/1/dead`,
      TIME_ZONE: 'Asia/Shanghai',
      ALERT_WINDOW_MINUTES: '10',
    })
    const query = async (token: string, frozenForMs?: number) => {
      const event = createGatewayEvent({ path: '/api/boxes', headers: { authorization: `Bearer ${token}` } })
      return (await queryApi.invoke(event, frozenForMs)).statusCode
    }
    expect(await query('t1')).toBe(200)
    aws.secrets.set('api-token', '{"token":"t2"}')
    aws.closeConnections()
    expect(await query('t2', hourMs)).toBe(200)
    expect(await query('t1')).toBe(401)
    // A rotation: clients change over one by one.
    aws.secrets.set('api-token', '{"token":"t3","previous":"t2"}')
    expect(await query('t2')).toBe(200)
    expect(await query('t3', 3_000)).toBe(200)
    expect(await query('t2', hourMs)).toBe(200)
    aws.secrets.set('api-token', '{"token":"t3","previous":null}')
    expect(await query('t2', hourMs)).toBe(401)
    expect(await query('t3')).toBe(200)
    const requests = aws.secretRequests()
    for (let queries = 0; queries < 5; queries++) expect(await query('t3')).toBe(200)
    expect(aws.secretRequests()).toBe(requests)
  })
})
