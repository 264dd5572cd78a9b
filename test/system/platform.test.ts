import { StartupError } from '@northbound/template-runner'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { readCommandLine } from '../../local/command-line.ts'
import type { LocalOptions } from '../../local/run.ts'
import type { FixtureStack } from '../../packages/template-runner/test/system/fixture-stack.ts'
import { callAws } from '../../packages/template-runner/test/system/run-fixture.ts'
import { type LocalFixtureRun, startLocalFixture } from './start-fixture.ts'

const avdOptions = ['--avd', 'https://192.0.2.5:7443', '--avd-access-key', 'a', '--avd-secret-key', 's']

const stack: FixtureStack = {
  functions: {
    Receiver: {
      code: `export const handler = async ({ rawPath, queryStringParameters }) => {
        console.log(JSON.stringify({ rawPath, ...queryStringParameters }))
        return { ret: 0 }
      }`,
    },
  },
  routes: { 'GET /room_event_history/{below+}': 'Receiver' },
  resources: {
    Avd: { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'avd', SecretString: '{"base_url":""}' } },
  },
  outputs: { AvdSecretArn: { Ref: 'Avd' } },
}

const secretSchema = z.object({ SecretString: z.string() })

async function readAvdSecret(run: LocalFixtureRun): Promise<Record<string, unknown>> {
  const { body } = await callAws(run, 'secretsmanager', 'secretsmanager.GetSecretValue', { SecretId: 'avd' })
  return z.record(z.string(), z.unknown()).parse(JSON.parse(secretSchema.parse(body).SecretString))
}

/** The parameters and paths of the callbacks that the receiver has logged. */
const loggedCallbacks = (run: LocalFixtureRun) =>
  run.lines
    .filter((line) => line.startsWith('Receiver: {'))
    .map((line) => z.record(z.string(), z.string()).parse(JSON.parse(line.slice('Receiver: '.length))))

describe('readCommandLine with platform options', () => {
  it('reads the connection, the list paths and the sweep settings', () => {
    const paths = '{"rooms":"result","room_id":"no"}'
    const options = [...avdOptions, '--avd-list-paths', paths, '--sweep-seconds', '5', '--sweep-grace-seconds', '0']
    expect(readCommandLine(options).local).toEqual({
      context: {},
      avd: {
        baseUrl: 'https://192.0.2.5:7443',
        accessKey: 'a',
        secretKey: 's',
        listPaths: { rooms: 'result', room_id: 'no' },
      },
      sweepSeconds: 5,
      sweepGraceSeconds: 0,
    })
  })

  it('reads --demo', () => {
    expect(readCommandLine(['--demo']).local).toEqual({ context: {}, demo: true })
  })

  it.each([
    [avdOptions.slice(0, 4), 'must be given together'],
    [avdOptions.slice(2), 'must be given together'],
    [['--avd-list-paths', '{}'], 'must be given together'],
    [[...avdOptions, '--demo'], '--demo'],
    [['--avd', 'nowhere', ...avdOptions.slice(2)], '--avd must be'],
    [[...avdOptions, '--avd-list-paths', '["rooms"]'], '--avd-list-paths must be'],
    [[...avdOptions, '--avd-list-paths', '{"rooms":1}'], '--avd-list-paths must be'],
    [[...avdOptions, '--avd-list-paths', 'rooms'], '--avd-list-paths must be'],
    [['--sweep-seconds', '0'], '--sweep-seconds must be'],
    [['--sweep-seconds', '1.5'], '--sweep-seconds must be'],
    [['--sweep-grace-seconds', '-1'], '--sweep-grace-seconds'],
  ])('rejects %j', (options, reason) => {
    expect(() => readCommandLine(options)).toThrow(StartupError)
    expect(() => readCommandLine(options)).toThrow(reason)
  })
})

describe('the platform secret', () => {
  const avd = { baseUrl: 'http://127.0.0.1:1', accessKey: 'a', secretKey: 's' }
  const secret = { base_url: avd.baseUrl, access_key: 'a', secret_key: 's', ca_pem: null, list_paths: null }

  it.each<[string, LocalOptions, object]>([
    ['is an empty object without a platform', {}, {}],
    ['holds the connection to the platform', { avd }, secret],
    [
      'holds the list paths if they are given',
      { avd: { ...avd, listPaths: { rooms: 'r' } } },
      { ...secret, list_paths: { rooms: 'r' } },
    ],
  ])('%s', async (_name, options, expected) => {
    const run = await startLocalFixture(stack, options)
    expect(await readAvdSecret(run)).toEqual(expected)
    expect(run.avdUrl).toBe(options.avd?.baseUrl ?? null)
  })
})

describe('the demo platform', () => {
  it('accepts the keys in the secret, sends signed callbacks, and stops with the run', async () => {
    const run = await startLocalFixture(stack, { demo: true, checkCodeKey: 'k', logs: 'all' })
    const { base_url, access_key, secret_key } = await readAvdSecret(run)
    expect(base_url).toBe(run.avdUrl)
    const query = new URLSearchParams({ access_key: String(access_key), secret_key: String(secret_key) })
    const login = await fetch(`${run.avdUrl}/sdkapi/v2/app/get_token?${query}`)
    expect(await login.json()).toMatchObject({ ret: 0 })
    await expect.poll(() => loggedCallbacks(run).length, { timeout: 5000 }).toBeGreaterThan(1)
    expect(loggedCallbacks(run)[0]).toMatchObject({
      rawPath: '/room_event_history/feedback',
      event: 'open',
      check_code: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    await run.stop()
    await expect(fetch(String(run.avdUrl))).rejects.toThrow()
  })
})
