import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { contextKeys } from '../../lib/settings.ts'
import { findings } from '../support/deployment-rules.ts'
import { copyProject, type ProjectCopy } from '../support/project-copy.ts'

describe('the stack is synthesized', () => {
  let project: ProjectCopy
  beforeAll(async () => {
    project = await copyProject()
  })
  afterAll(() => project.remove())

  it.each(['us-east-1', 'ap-southeast-1', 'cn-northwest-1'])('for %s, without a finding', async (region) => {
    const { code, output, assembly } = await project.synthesize({}, region)
    expect(output).not.toMatch(/ERROR|WARNING/)
    expect(code).toBe(0)
    const template = JSON.parse(await readFile(join(assembly, 'Northbound.template.json'), 'utf8'))
    expect(findings(template)).toEqual([])
  })

  const everything = {
    name: 'Other',
    allowUnsigned: 'true',
    allowedCidrs: '203.0.113.0/24',
    avdBaseUrl: 'https://avd.example.com:7443',
    sweepMinutes: '5',
    sweepGraceSeconds: '60',
    retentionDays: '30',
    alertWindowMinutes: '5',
    alertEmails: 'ops@example.com',
    alertPhones: '+8613800138000',
    vpcId: 'vpc-0a1b2c3d4e5f60718',
    subnetIds: 'subnet-0a1b2c3d4e5f60718,subnet-0a1b2c3d4e5f60719',
    securityGroupIds: 'sg-0a1b2c3d4e5f60718',
    timeZone: 'Europe/Berlin',
    legacyHttp: 'true',
    provisionedConcurrency: '2',
    domainName: 'avd-events.example.com',
    certificateArn: 'arn:aws:acm:ap-southeast-1:123456789012:certificate/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9',
    queriesPerSecond: '50',
  }

  it('with every value of the context set, where AWS has all of it', async () => {
    expect(Object.keys(everything).sort()).toEqual(contextKeys.toSorted())
    const { code, output, assembly } = await project.synthesize(everything, 'ap-southeast-1')
    expect(output).not.toMatch(/ERROR|WARNING/)
    expect(code).toBe(0)
    const template = JSON.parse(await readFile(join(assembly, 'Other.template.json'), 'utf8'))
    expect(findings(template)).toEqual([])
    const placed = Object.values<{ Type: string; Properties: Record<string, unknown> }>(template.Resources).filter(
      ({ Type, Properties }) => Type === 'AWS::Lambda::Function' && Properties.VpcConfig !== undefined,
    )
    expect(placed.map(({ Properties }) => Properties.VpcConfig)).toEqual([
      {
        SubnetIds: ['subnet-0a1b2c3d4e5f60718', 'subnet-0a1b2c3d4e5f60719'],
        SecurityGroupIds: ['sg-0a1b2c3d4e5f60718'],
      },
    ])
    // One with another id would be another one: no value may replace what holds something.
    const usual = JSON.parse(await readFile(join(inject('assemblies').strict, 'Northbound.template.json'), 'utf8'))
    expect(kept(usual)).toHaveLength(7)
    expect(kept(template)).toEqual(expect.arrayContaining(kept(usual)))
  })

  it('with every value that mainland China has', async () => {
    const { alertPhones: _, legacyHttp: __, certificateArn, ...context } = everything
    const own = {
      ...context,
      certificateArn: certificateArn.replace('aws:acm:ap-southeast-1', 'aws-cn:acm:cn-northwest-1'),
    }
    const { code, output, assembly } = await project.synthesize(own, 'cn-northwest-1')
    expect(output).not.toMatch(/ERROR|WARNING/)
    expect(code).toBe(0)
    const template = await readFile(join(assembly, 'Other.template.json'), 'utf8')
    expect(findings(JSON.parse(template))).toEqual([])
    // Not a word of what is not there.
    expect(template).not.toMatch(/CloudFront::|"Protocol": "sms"|arm64/)
  })

  it('not with text messages and plain HTTP in mainland China, and says what to do instead', async () => {
    const wanted = { alertPhones: '+8613800138000', legacyHttp: 'true' }
    const { code, output } = await project.synthesize(wanted, 'cn-northwest-1')
    expect(code).toBe(1)
    expect(output.trim()).toMatch(
      /^northbound: context "alertPhones": SNS sends no text messages from cn-northwest-1; \S.*; context "legacyHttp": CloudFront in mainland China \(cn-northwest-1\) \S/,
    )
    expect(output.trim().split('\n')).toHaveLength(1)
  })
})

/** Logical ids of tables, queues and secrets. */
function kept({ Resources }: { Resources: Readonly<Record<string, { Type: string }>> }): string[] {
  const types = ['AWS::DynamoDB::Table', 'AWS::SQS::Queue', 'AWS::SecretsManager::Secret']
  return Object.entries(Resources).flatMap(([id, { Type }]) => (types.includes(Type) ? [id] : []))
}
