import { describe, expect, it } from 'vitest'
import { readContext } from '../../lib/read-context.ts'
import { readSettings } from '../../lib/settings.ts'

const readFrom = (context: Record<string, unknown>, region?: string) => {
  const { name, owner, settings } = readContext({ context, region })
  return { name, owner, ...settings }
}

describe('readContext', () => {
  it('applies the defaults of the contract', () => {
    expect(readFrom({})).toEqual({
      name: 'Northbound',
      owner: undefined,
      allowUnsigned: false,
      allowedCidrs: [],
      avdBaseUrl: '',
      sweepMinutes: 1,
      sweepGraceSeconds: 120,
      retentionDays: 400,
      alertWindowMinutes: 10,
      alertEmails: [],
      alertPhones: [],
      chat: false,
      chatHosts: [],
      legacyHttp: false,
      vpcId: undefined,
      subnetIds: [],
      securityGroupIds: [],
      timeZone: 'Asia/Shanghai',
      provisionedConcurrency: 0,
      receiveConcurrency: 0,
      applyConcurrency: 20,
      logRetentionDays: 180,
      domainName: undefined,
      certificateArn: undefined,
      queriesPerSecond: 0,
      existingEventLog: undefined,
      existingState: undefined,
    })
  })

  it('accepts strings as well as booleans, numbers and lists', () => {
    expect(readFrom({ allowUnsigned: 'true', allowedCidrs: ' 10.0.0.0/8, ::1 ', retentionDays: '30' })).toMatchObject({
      allowUnsigned: true,
      allowedCidrs: ['10.0.0.0/8', '::1'],
      retentionDays: 30,
    })
    expect(readFrom({ allowUnsigned: true, allowedCidrs: ['10.0.0.1'], retentionDays: 30 })).toMatchObject({
      allowUnsigned: true,
      allowedCidrs: ['10.0.0.1'],
      retentionDays: 30,
    })
  })

  it('removes duplicates from lists', () => {
    expect(readFrom({ alertEmails: 'ops@example.com, ops@example.com,' }).alertEmails).toEqual(['ops@example.com'])
  })

  it('accepts hosts of robots as they stand in a URL, with a port if it is not 443', () => {
    expect(readFrom({ chatHosts: 'Robots.example.com, 10.0.0.5:8443' }).chatHosts).toEqual([
      'robots.example.com',
      '10.0.0.5:8443',
    ])
    for (const host of ['https://robots.example.com', 'robots.example.com/hook', 'a b', 'user@host', 'host:443', '*'])
      expect(() => readFrom({ chatHosts: host }), host).toThrow(/"chatHosts": ".*" is not a host/)
  })

  it('accepts lists of e-mail addresses and phone numbers', () => {
    expect(
      readFrom({ alertEmails: 'ops@example.com, duty@example.cn', alertPhones: '+8613800138000,+6581234567' }),
    ).toMatchObject({
      alertEmails: ['ops@example.com', 'duty@example.cn'],
      alertPhones: ['+8613800138000', '+6581234567'],
    })
  })

  it.each([
    ['name', '9lives'],
    ['name', 'a_b'],
    ['owner', ''],
    ['owner', 'ops <ops@example.com>'],
    ['owner', 'x'.repeat(257)],
    ['existingEventLog', ''],
    ['existingEventLog', 'arn:aws:dynamodb:us-east-1:123456789012:table/log'],
    ['allowUnsigned', 'yes'],
    ['allowedCidrs', '10.0.0.0/33'],
    ['allowedCidrs', '10.0.0/8'],
    ['allowedCidrs', '10.0.0.0/8/8'],
    ['allowedCidrs', 'example.com'],
    ['retentionDays', '0'],
    ['retentionDays', '29'],
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
    ['legacyHttp', '1'],
    ['provisionedConcurrency', '-1'],
    ['provisionedConcurrency', '901'],
    ['receiveConcurrency', '-1'],
    ['receiveConcurrency', 'none'],
    ['applyConcurrency', '1'],
    ['applyConcurrency', '1001'],
    ['logRetentionDays', '0'],
    ['logRetentionDays', '100'],
    ['logRetentionDays', '9999'],
    ['domainName', 'https://avd.example.com'],
    ['domainName', 'localhost'],
    ['domainName', 'Avd.example.com'],
    ['certificateArn', 'abc'],
    ['certificateArn', 'arn:aws:acm:us-east-1:1:certificate/abc'],
    ['queriesPerSecond', '2501'],
    ['allowedCidrs', ''],
    ['allowedCidrs', ' , '],
    ['allowedCidrs', 'fe80::1%eth0'],
  ])('rejects %s=%s with a message that names the key', (key, value) => {
    expect(() => readFrom({ [key]: value })).toThrow(`context "${key}": `)
  })

  it('requires all settings of a VPC or none, and names the missing one', () => {
    const network = { vpcId: 'vpc-0a1b2c3d', subnetIds: 'subnet-0a1b2c3d', securityGroupIds: 'sg-0a1b2c3d' }
    expect(readFrom(network)).toMatchObject({ vpcId: 'vpc-0a1b2c3d', subnetIds: ['subnet-0a1b2c3d'] })
    for (const key of Object.keys(network))
      expect(() => readFrom({ ...network, [key]: undefined })).toThrow(`context "${key}": must be given as well`)
  })

  it('names the nearest retentions of logs that CloudWatch Logs accepts', () => {
    expect(() => readFrom({ logRetentionDays: '100' })).toThrow(
      'context "logRetentionDays": CloudWatch Logs cannot keep logs for 100 days, but for 90 or 120',
    )
    expect(() => readFrom({ logRetentionDays: 3652 })).toThrow('for 3652 days, but for 3288 or 3653')
    expect(readFrom({ logRetentionDays: '365' }).logRetentionDays).toBe(365)
  })

  it('rejects more warm instances than are reserved', () => {
    expect(() => readFrom({ provisionedConcurrency: 6, receiveConcurrency: 5 })).toThrow(
      'context "provisionedConcurrency": must not exceed receiveConcurrency, which is 5',
    )
    expect(readFrom({ provisionedConcurrency: 5, receiveConcurrency: 5 }).receiveConcurrency).toBe(5)
    expect(readFrom({ provisionedConcurrency: 6 }).receiveConcurrency).toBe(0)
  })

  it('accepts an owner in any script, with the characters of e-mail addresses', () => {
    for (const owner of ['ops@example.com', '视频会议 运维组', 'Team A/B: +86-10'])
      expect(readFrom({ owner }).owner).toBe(owner)
  })

  it('adopts a state table only with its event log, and not the same table as both', () => {
    expect(readFrom({ existingEventLog: 'log', existingState: 'state-2026.11' })).toMatchObject({
      existingEventLog: 'log',
      existingState: 'state-2026.11',
    })
    expect(readFrom({ existingEventLog: 'log' }).existingState).toBeUndefined()
    expect(() => readFrom({ existingState: 'state' })).toThrow(
      'context "existingEventLog": must be given as well: the state is rebuilt from its event log',
    )
    expect(() => readFrom({ existingEventLog: 'log', existingState: 'log' })).toThrow(
      'context "existingState": must not be the event log',
    )
  })

  const domainName = 'avd-events.example.com'
  const certificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9'

  it('requires a custom domain with a certificate of the same region, or neither', () => {
    expect(readFrom({ domainName, certificateArn }, 'us-east-1')).toMatchObject({ domainName, certificateArn })
    expect(() => readFrom({ domainName })).toThrow(
      'context "certificateArn": must be given as well: a custom domain needs a certificate',
    )
    expect(() => readFrom({ certificateArn })).toThrow('context "domainName": must be given as well')
    expect(() => readFrom({ domainName, certificateArn }, 'eu-west-1')).toThrow(
      'context "certificateArn": the certificate is in us-east-1, but the stack is in eu-west-1',
    )
  })

  it('rejects alertPhones and legacyHttp in mainland China and names alternatives', () => {
    expect(() => readFrom({ alertPhones: '+8613800138000', legacyHttp: true }, 'cn-north-1')).toThrow(
      /^context "alertPhones": SNS cannot send SMS from cn-north-1; subscribe .*; context "legacyHttp": CloudFront in mainland China \(cn-north-1\) .* put a reverse proxy/,
    )
    expect(readFrom({ alertPhones: '+8613800138000', legacyHttp: true }, 'ap-southeast-1').legacyHttp).toBe(true)
  })

  it('rejects a list of another type', () => {
    expect(() => readFrom({ allowedCidrs: 5 })).toThrow('context "allowedCidrs": must be a comma-separated list')
  })
})

describe('readSettings', () => {
  it('applies the same defaults as readContext', () => {
    expect(readSettings({}, undefined)).toEqual(readContext({ context: {} }).settings)
  })

  it('rejects invalid values and unknown keys as properties', () => {
    expect(() => readSettings({ sweepMinutes: 0 }, undefined)).toThrow(/^property "sweepMinutes": must be/)
    expect(() => readSettings({ legacyHTTP: true }, undefined)).toThrow(
      'property "legacyHTTP": is not a known setting; did you mean "legacyHttp"?',
    )
  })
})
