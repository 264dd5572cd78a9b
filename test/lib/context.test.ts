import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readContext } from '../../lib/context.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const read = (context: Record<string, unknown>) => readContext((key) => context[key])

describe('the context', () => {
  it('has the defaults of the contract', () => {
    expect(read({})).toEqual({
      name: 'Northbound',
      allowUnsigned: false,
      allowedCidrs: [],
      avdBaseUrl: '',
      sweepMinutes: 1,
      sweepGraceSeconds: 120,
      retentionDays: 400,
      alertWindowMinutes: 10,
      alertEmails: [],
      alertPhones: [],
      subnetIds: [],
      securityGroupIds: [],
      timeZone: 'Asia/Shanghai',
    })
  })

  it('is read from the texts of the command line as well as from real values', () => {
    expect(read({ allowUnsigned: 'true', allowedCidrs: ' 10.0.0.0/8, ::1 ', retentionDays: '30' })).toMatchObject({
      allowUnsigned: true,
      allowedCidrs: ['10.0.0.0/8', '::1'],
      retentionDays: 30,
    })
    expect(read({ allowUnsigned: true, allowedCidrs: ['10.0.0.1'], retentionDays: 30 })).toMatchObject({
      allowUnsigned: true,
      allowedCidrs: ['10.0.0.1'],
      retentionDays: 30,
    })
  })

  it('takes an item that a list names twice once', () => {
    expect(read({ alertEmails: 'ops@example.com, ops@example.com,' }).alertEmails).toEqual(['ops@example.com'])
  })

  it('takes lists of addresses and numbers', () => {
    expect(
      read({ alertEmails: 'ops@example.com, duty@example.cn', alertPhones: '+8613800138000,+6581234567' }),
    ).toMatchObject({
      alertEmails: ['ops@example.com', 'duty@example.cn'],
      alertPhones: ['+8613800138000', '+6581234567'],
    })
  })

  it.each([
    ['name', '9lives'],
    ['name', 'a_b'],
    ['allowUnsigned', 'yes'],
    ['allowedCidrs', '10.0.0.0/33'],
    ['allowedCidrs', '10.0.0/8'],
    ['allowedCidrs', '10.0.0.0/8/8'],
    ['allowedCidrs', 'example.com'],
    ['retentionDays', '0'],
    ['retentionDays', '1.5'],
    ['retentionDays', 'long'],
    ['alertWindowMinutes', '-1'],
    ['alertWindowMinutes', ''],
    ['alertWindowMinutes', ' '],
    ['alertWindowMinutes', '1e2'],
    ['alertEmails', 'ops@example.com,ops'],
    ['alertEmails', 'ops@@example.com'],
    ['alertEmails', 'Ops <ops@example.com>'],
    ['alertPhones', '13800138000'],
    ['alertPhones', '+86 138 0013 8000'],
    ['alertPhones', '+8613800138000,+0123456789'],
    ['alertPhones', '+12'],
    ['alertPhones', '+1234567890123456'],
    ['vpcId', 'vpc'],
    ['subnetIds', 'subnet-0a1b2c3d,net-1'],
    ['securityGroupIds', 'default'],
    ['timeZone', 'Asia/Nowhere'],
    ['avdBaseUrl', 'avd.example'],
    ['sweepMinutes', '0'],
    ['sweepGraceSeconds', '-1'],
  ])('refuses %s=%s with a message that names the key', (key, value) => {
    expect(() => read({ [key]: value })).toThrow(`context "${key}": `)
  })

  it('takes a network whole or not at all, and names what is missing', () => {
    const network = { vpcId: 'vpc-0a1b2c3d', subnetIds: 'subnet-0a1b2c3d', securityGroupIds: 'sg-0a1b2c3d' }
    expect(read(network)).toMatchObject({ vpcId: 'vpc-0a1b2c3d', subnetIds: ['subnet-0a1b2c3d'] })
    for (const key of Object.keys(network))
      expect(() => read({ ...network, [key]: undefined })).toThrow(`context "${key}": must be given as well`)
  })

  it('fails the synthesis in one line', () => {
    const { status, stderr } = spawnSync(process.execPath, ['bin/northbound.ts'], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, CDK_CONTEXT_JSON: JSON.stringify({ retentionDays: 'long', timeZone: 'X' }) },
    })
    expect(status).toBe(1)
    expect(stderr).toBe(
      'northbound: context "retentionDays": must be a whole number from 1 to 3650; context "timeZone": "X" is not an IANA time zone\n',
    )
  })
})
