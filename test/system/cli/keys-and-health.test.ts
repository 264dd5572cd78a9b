import { CloudWatchClient, DisableAlarmActionsCommand } from '@aws-sdk/client-cloudwatch'
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { subscribeQueue } from '../../../packages/template-runner/test/support/subscribe-queue.ts'
import { runCommand } from '../../support/cli.ts'
import { readDocumentedActions } from '../../support/documented-policy.ts'
import { checkCodeKey, type System, signParameters, startSystem } from '../../support/system.ts'

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }

let system: System
let secrets: SecretsManagerClient
beforeAll(async () => {
  system = await startSystem({ checkCodeKey })
  secrets = new SecretsManagerClient({ endpoint: system.run.awsEndpointUrl, region: 'us-east-1', credentials })
})
afterAll(() => system?.run.stop())

const secretId = () => system.run.outputs.CheckCodeSecretArn
async function readSecret(): Promise<string> {
  return (await secrets.send(new GetSecretValueCommand({ SecretId: secretId() }))).SecretString ?? ''
}
const saveSecret = (SecretString: string) =>
  secrets.send(new PutSecretValueCommand({ SecretId: secretId(), SecretString }))

async function northbound(...argv: string[]) {
  const [command = '', ...options] = argv
  const result = await runCommand([command, '--aws-endpoint-url', system.run.awsEndpointUrl, '--json', ...options])
  return { ...result, json: result.stdout === '' ? undefined : JSON.parse(result.stdout) }
}

const countCalls = () =>
  new Map(
    system.run
      .calls()
      // Calls of this file itself have another access key.
      .filter(({ principal }) => principal === 'local')
      .map(({ action, resource, count }) => [`${action} ${resource}`, count] as const),
  )
let callsBefore: ReadonlyMap<string, number> = new Map()

/** The actions that the commands have called since the last time. */
function actionsCalled(): string[] {
  const calls = countCalls()
  const made = [...calls].filter(([call, count]) => count > (callsBefore.get(call) ?? 0))
  callsBefore = calls
  return [...new Set(made.map(([call]) => call.split(' ', 1)[0] ?? ''))].sort()
}

let sent = 0
async function send(key: string): Promise<number> {
  sent++
  const event = { event: 'open', room_id: `rotation-${sent}`, trace_id: `rotation-${sent}` }
  const { status } = await system.callback(signParameters(event, key))
  await system.settle()
  return status
}

interface JsonFinding {
  readonly check: string
  readonly status: string
  readonly text: string
  readonly page: string | null
}

async function diagnose(...options: string[]) {
  const { exitCode, json, stderr } = await northbound('doctor', ...options)
  const findings: JsonFinding[] = json?.findings ?? []
  const statusOf = (check: string) => findings.filter((finding) => finding.check === check).map(({ status }) => status)
  return { exitCode, stderr, json, findings, statusOf }
}

/** The answers of the API to whatever can be asked, without what each minute changes. */
async function readEverything(): Promise<unknown[]> {
  const period = 'from=2020-01-01T00:00:00Z&to=2020-01-01T01:00:00Z'
  const paths = [
    '/api/rooms?status=all',
    '/api/room?room_id=R',
    '/api/events?room_id=R',
    '/api/sessions?room_id=R',
    '/api/sessions?user_id=U',
    '/api/meetings?room_id=R',
    `/api/attendance?room_id=R&${period}`,
    '/api/people',
    '/api/usage',
    '/api/usage?period=hour',
    '/api/recordings',
    '/api/boxes',
    '/api/refused',
    '/api/callbacks',
    '/api/stats',
  ]
  const answers = await Promise.all(paths.map(async (path) => [path, (await system.query(path)).body]))
  const volatile: ReadonlySet<string> = new Set(['sampled_minutes', 'to', 'last_sweep_at'])
  return JSON.parse(JSON.stringify(answers, (name, value) => (volatile.has(name) ? undefined : value)))
}

describe('northbound doctor', () => {
  beforeAll(async () => {
    const events = [
      { event: 'open', room_id: 'R' },
      { event: 'join', room_id: 'R', user_id: 'U', event_type: 'normal' },
      { event: 'leave', room_id: 'R', user_id: 'U', event_type: 'normal' },
      { event: 'close', room_id: 'R', event_type: 'user' },
    ]
    for (const event of events) await system.callback(signParameters({ ...event, trace_id: event.event }))
    await system.settle()
    // What each minute does is done once before.
    await system.run.invoke('SampleUsage', {})
    await system.run.invoke('ReconcileRooms', {})
  })

  it('finds a healthy installation healthy, and leaves no trace but the probe in the log', async () => {
    const events = await subscribeQueue(system.run, system.run.outputs.RoomEventTopicArn)
    const items = () => Promise.all([system.countItems('StateTableName'), system.countItems('EventLogTableName')])
    const [answers, [stateItems, logItems]] = [await readEverything(), await items()]
    const { exitCode, findings, json } = await diagnose()
    expect(findings.filter(({ status }) => status === 'problem' || status === 'unknown')).toEqual([])
    expect({ exitCode, healthy: json.healthy, left_out: json.left_out }).toEqual({
      exitCode: 0,
      healthy: true,
      left_out: [],
    })
    const checks = ['callback', 'refusal', 'probe', 'api', 'dead_letters', 'clock', 'media_server', 'alarms', 'tables']
    for (const check of checks) expect(findings).toContainEqual(expect.objectContaining({ check, status: 'ok' }))
    await system.settle()

    expect(await readEverything()).toEqual(answers)
    expect(await events()).toEqual([])
    expect(system.run.outbox).toEqual([])
    expect(await items()).toEqual([stateItems, logItems + 1])
    const { body } = await system.query('/api/events?room_id=northbound_probe')
    expect(body).toMatchObject({ items: [{ event: 'northbound_probe', source: 'callback' }] })
    await system.run.evaluateAlarms()
    expect(system.run.alarms().filter(({ state }) => state === 'ALARM')).toEqual([])
  })

  it('says with the URL and the token of the API alone what it leaves out, and signs the probe if it has the key', async () => {
    const { url, apiToken } = system.run
    const argv = ['doctor', '--url', url, '--json']
    const env = { NORTHBOUND_TOKEN: apiToken }
    const withoutKey = await runCommand(argv, { env })
    expect({ exitCode: withoutKey.exitCode, stderr: withoutKey.stderr }).toEqual({ exitCode: 0, stderr: '' })
    const { left_out } = JSON.parse(withoutKey.stdout)
    const leftOut = left_out.map(({ check }: JsonFinding) => check)
    for (const check of ['probe', 'alarms', 'subscriptions', 'secrets', 'concurrency_quota'])
      expect(leftOut).toContain(check)
    const withKey = await runCommand(argv, { env: { ...env, NORTHBOUND_KEY: checkCodeKey } })
    expect(JSON.parse(withKey.stdout).findings).toContainEqual(
      expect.objectContaining({ check: 'probe', status: 'ok' }),
    )
    const wrongKey = await runCommand(argv, { env: { ...env, NORTHBOUND_KEY: 'another' } })
    expect(wrongKey.exitCode).toBe(1)
    expect(JSON.parse(wrongKey.stdout).findings).toContainEqual(
      expect.objectContaining({ check: 'probe', status: 'problem' }),
    )
  })

  it('still says how callbacks are answered if the API refuses the token', async () => {
    const env = { NORTHBOUND_TOKEN: 'another', NORTHBOUND_KEY: checkCodeKey }
    const { exitCode, stdout } = await runCommand(['doctor', '--url', system.run.url, '--json'], { env })
    expect(exitCode).toBe(1)
    const findings: JsonFinding[] = JSON.parse(stdout).findings
    expect(findings.map(({ check, status, text }) => [check, status, text])).toEqual([
      ['callback', 'ok', expect.anything()],
      ['refusal', 'ok', expect.anything()],
      ['probe', 'unknown', 'whether a probe arrives in the log is not known: the API answers 401'],
      ['api', 'problem', 'the API refuses the token'],
      ['senders', 'unknown', 'not checked: the API answers 401'],
      ['clock', 'ok', expect.anything()],
    ])
  })

  it('sends a test alert to everybody on the alert topic', async () => {
    const alerts = await subscribeQueue(system.run, system.run.outputs.AlertTopicArn)
    const { json } = await diagnose('--test-alerts')
    expect(json.test_alerts).toMatchObject([{ channel: 'topic', outcome: 'sent' }])
    expect(await alerts()).toMatchObject([{ payload: { kind: 'test' } }])
  })

  it('finds what is wrong, with the page that says what to do', async () => {
    const [alarm = ''] = system.run.alarms().map(({ name }) => name)
    const client = { endpoint: system.run.awsEndpointUrl, region: 'us-east-1', credentials }
    await new CloudWatchClient(client).send(new DisableAlarmActionsCommand({ AlarmNames: [alarm] }))
    const TopicArn = system.run.outputs.AlertTopicArn
    await new SNSClient(client).send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'ops@example.com' }))
    const dead = { event: 'open', room_id: 'dead', trace_id: 'dead' }
    await system.enqueue(dead, Date.now(), 'callback', 'DeadLetterQueueUrl')
    const SecretId = system.run.outputs.AvdSecretArn
    await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: '{"base_url":"https://SECRET-HOST"}' }))

    const { exitCode, statusOf, findings, json } = await diagnose()
    expect({ exitCode, healthy: json.healthy }).toEqual({ exitCode: 1, healthy: false })
    for (const check of ['alarms', 'subscriptions', 'dead_letters', 'secret_avd'])
      expect(statusOf(check), check).toContain('problem')
    expect(statusOf('probe')).toEqual(['ok'])
    for (const { status, page } of findings) if (status === 'problem') expect(page).toMatch(/^docs\/[\w.-]+\.md#/)
    expect(JSON.stringify(json)).not.toContain('SECRET-HOST')
  })

  it('needs exactly the permissions that its documentation lists', async () => {
    const documented = await readDocumentedActions('doctor')
    // Group robots, which this installation does not have, are tested in test/system/chat.test.ts.
    expect(actionsCalled()).toEqual(documented.filter((action) => action !== 'lambda:InvokeFunction'))
  })
})

describe('northbound rotate-key', () => {
  it('says with --dry-run how the keys are used, and changes nothing', async () => {
    const before = await readSecret()
    const { exitCode, json } = await northbound('rotate-key', '--dry-run')
    expect({ exitCode, json }).toMatchObject({ exitCode: 0, json: { outcome: 'rotated', dry_run: true } })
    expect(json).not.toHaveProperty('new_key')
    expect(await readSecret()).toBe(before)
  })

  it('makes a new key, keeps the one before it valid, and retires that one only when it is no longer used', async () => {
    expect(await send(checkCodeKey)).toBe(200)
    const rotated = await northbound('rotate-key')
    expect(rotated).toMatchObject({ exitCode: 0, json: { outcome: 'rotated' } })
    // Those of the room above count as well.
    expect(rotated.json.callbacks_last_hour).toEqual({ current: 5, previous: 0, unverified: 0 })
    const key: string = rotated.json.new_key
    expect(key).toMatch(/^[A-Za-z2-9]{40}$/)
    expect(JSON.parse(await readSecret())).toEqual({ current: key, previous: checkCodeKey })
    // A function that has read the secret a moment ago does not know the new key for two seconds.
    await vi.waitFor(async () => expect(await send(key)).toBe(200), { timeout: 20_000, interval: 500 })
    expect(await send(checkCodeKey)).toBe(200)

    const refused = await northbound('rotate-key', '--retire')
    expect(refused).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining('previous key') })
    expect(await northbound('rotate-key')).toMatchObject({ exitCode: 1 })
    expect(JSON.parse(await readSecret())).toEqual({ current: key, previous: checkCodeKey })

    const retired = await northbound('rotate-key', '--retire', '--yes')
    expect(retired).toMatchObject({ exitCode: 0, json: { outcome: 'retired', retirable_at: null } })
    // The callback before the rotation, and the one after it. Others in the minute of the rotation count as well.
    expect(retired.json.callbacks_last_hour.previous).toBeGreaterThanOrEqual(2)
    expect(JSON.parse(await readSecret())).toEqual({ current: key, previous: null })
    expect(await northbound('rotate-key', '--retire')).toMatchObject({ exitCode: 0, json: { outcome: 'unchanged' } })
  })

  it('loses no key if several rotations happen at once', async () => {
    await saveSecret(checkCodeKey)
    const keys = ['key-of-the-first', 'key-of-the-second', 'key-of-the-third']
    const results = await Promise.all(keys.map((key) => northbound('rotate-key', '--new-key', key, '--yes')))
    const { current, previous } = JSON.parse(await readSecret())
    const winners = keys.filter((_, index) => results[index]?.exitCode === 0)
    expect(winners.length).toBeGreaterThan(0)
    expect(winners).toContain(current)
    expect([checkCodeKey, ...winners]).toContain(previous)
    if (winners.length === 1) expect(previous).toBe(checkCodeKey)
    for (const { exitCode, stderr } of results) if (exitCode !== 0) expect(stderr).toContain('changed in the meantime')
  })

  it('needs exactly the permissions that its documentation lists', async () => {
    expect(actionsCalled()).toEqual(await readDocumentedActions('rotate-key'))
  })

  it('refuses a secret that the functions could not use, without showing it', async () => {
    await saveSecret('{"current":"LEAKED"')
    const { exitCode, stderr, stdout } = await northbound('rotate-key')
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr).toContain('not valid JSON')
    expect(stderr).not.toContain('LEAKED')
    await saveSecret(JSON.stringify({ current: checkCodeKey, previous: null }))
  })
})
