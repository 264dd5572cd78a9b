import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCommand } from '../../support/cli.ts'
import { readDocumentedActions } from '../../support/documented-policy.ts'
import { checkCodeKey, type System, signParameters, startSystem } from '../../support/system.ts'

let system: System
let secrets: SecretsManagerClient
beforeAll(async () => {
  system = await startSystem({ checkCodeKey })
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
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

/** The actions that the commands have called so far. Calls of this file itself have another access key. */
function actionsCalled(): string[] {
  const calls = system.run.calls().filter(({ principal }) => principal === 'local')
  return [...new Set(calls.map(({ action }) => action))].sort()
}

let sent = 0
async function send(key: string): Promise<number> {
  sent++
  const event = { event: 'open', room_id: `rotation-${sent}`, trace_id: `rotation-${sent}` }
  const { status } = await system.callback(signParameters(event, key))
  await system.settle()
  return status
}

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
    expect(rotated).toMatchObject({ exitCode: 0, json: { outcome: 'rotated', callbacks_last_hour: { current: 1 } } })
    const key: string = rotated.json.new_key
    expect(key).toMatch(/^[A-Za-z2-9]{40}$/)
    expect(JSON.parse(await readSecret())).toEqual({ current: key, previous: checkCodeKey })
    expect([await send(key), await send(checkCodeKey)]).toEqual([200, 200])

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
    for (const { exitCode, stderr } of results) if (exitCode !== 0) expect(stderr).toContain('somebody else')
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
