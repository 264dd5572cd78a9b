import { spawnSync } from 'node:child_process'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as featureFlags from 'aws-cdk-lib/cx-api'
import { describe, expect, it, onTestFinished } from 'vitest'
import { contextKeys, readContext } from '../../lib/read-context.ts'
import { parseSettingsFile } from '../../lib/settings-file.ts'
import { copyProject } from '../support/project-copy.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

describe('readContext with a settings file', () => {
  it('takes the name and the settings from the file', () => {
    const file = { name: 'Site', alertEmails: ['ops@example.com'], sweepMinutes: 5 }
    const { name, settings } = readContext({ context: {}, file })
    expect({ name, ...settings }).toMatchObject(file)
  })

  it('prefers a value of the context, even an empty one', () => {
    const file = { name: 'Site', alertEmails: ['ops@example.com'], sweepMinutes: 5 }
    const { name, settings } = readContext({ context: { name: 'Other', alertEmails: '' }, file })
    expect({ name, ...settings }).toMatchObject({ name: 'Other', alertEmails: [], sweepMinutes: 5 })
  })

  it('names the source of each wrong value', () => {
    expect(() =>
      readContext({ context: { timeZone: 'X' }, file: { sweepMinutes: 0, timeZone: 'Asia/Shanghai' } }),
    ).toThrow(/^northbound\.json "sweepMinutes": must be .*; context "timeZone": "X" is not an IANA time zone$/)
    expect(() => readContext({ context: {}, file: { name: 5 } })).toThrow('northbound.json "name": must be a text')
  })

  it('rejects every unknown key of the file and names the likely setting', () => {
    const read = (file: object) => () => readContext({ context: {}, file: { ...file } })
    expect(read({ allowedCIDRs: [] })).toThrow(
      'northbound.json "allowedCIDRs": is not a known setting; did you mean "allowedCidrs"?',
    )
    expect(read({ Name: 'Site' })).toThrow('did you mean "name"?')
    expect(read({ colour: 'red' })).toThrow('northbound.json "colour": is not a known setting')
    expect(read(JSON.parse('{"__proto__": {}}'))).toThrow('northbound.json "__proto__": is not a known setting')
  })

  it('rejects a secret in the file and names the secret that it belongs to', () => {
    expect(() => readContext({ context: {}, file: { checkCode: 'abc' } })).toThrow(
      /^northbound\.json "checkCode": settings hold no secrets; put it into the secret of output CheckCodeSecretArn$/,
    )
  })
})

describe('readContext with unknown keys in the context', () => {
  it('rejects keys that resemble a setting or name a secret of the stack', () => {
    expect(() => readContext({ context: { allowedCIDRs: '10.0.0.0/8' } })).toThrow(
      'context "allowedCIDRs": is not a known setting; did you mean "allowedCidrs"?',
    )
    expect(() => readContext({ context: { alertEmail: 'ops@example.com' } })).toThrow('did you mean "alertEmails"?')
    expect(() => readContext({ context: { apiToken: 'abc' } })).toThrow('output ApiTokenSecretArn')
  })

  it('ignores the keys of CDK and of other programs', () => {
    const flags = Object.values(featureFlags).filter((value) => typeof value === 'string')
    expect(flags.length).toBeGreaterThan(100)
    const foreign = [
      ...flags,
      'aws:cdk:enable-path-metadata',
      'aws-cdk:enableDiffNoFail',
      'availability-zones:account=123456789012:region=us-east-1',
      'vpc-provider:account=123456789012:filter.vpc-id=vpc-0a1b2c3d:region=us-east-1:returnAsymmetricSubnets=true',
      'hosted-zone:account=123456789012:domainName=example.com:region=us-east-1',
      'ssm:account=123456789012:parameterName=/token:region=us-east-1',
      'security-group:account=123456789012:securityGroupId=sg-0a1b2c3d:region=us-east-1',
      'acknowledged-issue-numbers',
      'cli-telemetry',
      'notices',
      'stage',
      'environment',
      'tags',
      'team',
      'project',
    ]
    for (const key of foreign) expect(() => readContext({ context: { [key]: true } }), key).not.toThrow()
  })
})

describe('northbound.example.json', () => {
  it('has every key, and all values are the defaults', async () => {
    const text = await readFile(`${root}northbound.example.json`, 'utf8')
    expect(Object.keys(JSON.parse(text)).toSorted()).toEqual(contextKeys.toSorted())
    const file = parseSettingsFile(Buffer.from(text))
    expect(readContext({ context: {}, file })).toEqual(readContext({ context: {} }))
  })
})

describe('the table of context keys', () => {
  it.each([
    ['docs/configuration.md', '## Settings\n'],
    ['docs/configuration.zh-CN.md', '## 配置项\n'],
  ])('in %s lists every key', async (name, heading) => {
    const table = (await readFile(`${root}${name}`, 'utf8')).split(heading)[1]?.split('\n## ')[0] ?? ''
    const rows = [...table.matchAll(/^\| ((?:`\w+`(?:, )?)+) \|/gm)].flatMap(
      ([, keys = '']) => keys.match(/\w+/g) ?? [],
    )
    expect(rows.toSorted()).toEqual(contextKeys.toSorted())
  })
})

describe('bin/northbound.ts', () => {
  const run = (directory: string, context: object, settingsFile: string | undefined) => {
    const { NORTHBOUND_SETTINGS_FILE: _, ...env } = process.env
    const { status, stderr } = spawnSync(process.execPath, ['bin/northbound.ts'], {
      cwd: directory,
      encoding: 'utf8',
      env: {
        ...env,
        CDK_CONTEXT_JSON: JSON.stringify(context),
        ...(settingsFile !== undefined && { NORTHBOUND_SETTINGS_FILE: settingsFile }),
      },
    })
    expect(status).toBe(1)
    return stderr
  }

  it('reports all invalid context values in one line', () => {
    expect(run(root, { retentionDays: 'long', timeZone: 'X' }, '')).toBe(
      'northbound: context "retentionDays": must be a whole number from 30 to 3650; context "timeZone": "X" is not an IANA time zone\n',
    )
  })

  it('reads northbound.json beside cdk.json, or the file that the environment names', async () => {
    const project = await copyProject()
    onTestFinished(() => project.remove())
    await writeFile(join(project.directory, 'northbound.json'), '{"sweepMinutes": 0}')
    await writeFile(join(project.directory, 'site.json'), '{"sweepMinutes": 5,}')
    expect(run(project.directory, {}, undefined)).toBe(
      'northbound: northbound.json "sweepMinutes": must be a whole number from 1 to 60\n',
    )
    expect(run(project.directory, {}, 'site.json')).toBe(
      'northbound: site.json, line 1, column 20: there must be no comma before }\n',
    )
    await writeFile(join(project.directory, 'avd.json'), '{"avd": {"secret_key": "s"}}')
    expect(run(project.directory, {}, 'avd.json')).toBe(
      'northbound: northbound.json "avd": settings hold no secrets; put it into the secret of output AvdSecretArn\n',
    )
    expect(run(project.directory, {}, 'lib')).toBe('northbound: lib is a folder; it must be a file\n')
    expect(run(project.directory, { sweepMinutes: 'x' }, '')).toMatch(/^northbound: context "sweepMinutes": must be/)
  })
})
