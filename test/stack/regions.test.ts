import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { contextKeys } from '../../lib/read-context.ts'
import { listFindings } from '../support/deployment-rules.ts'
import { copyProject, type ProjectCopy } from '../support/project-copy.ts'

describe('the CDK app', () => {
  let project: ProjectCopy
  beforeAll(async () => {
    project = await copyProject()
  })
  afterAll(() => project.remove())

  it.each(['us-east-1', 'cn-northwest-1'])('synthesizes a template without findings for %s', async (region) => {
    const { code, output, assembly } = await project.synthesize({}, region)
    expect(output).not.toMatch(/ERROR|WARNING/)
    expect(code).toBe(0)
    const template = JSON.parse(await readFile(join(assembly, 'Northbound.template.json'), 'utf8'))
    expect(listFindings(template)).toEqual([])
  })

  const everything = {
    name: 'Other',
    owner: 'ops@example.com',
    allowUnsigned: 'true',
    allowedCidrs: '203.0.113.0/24',
    avdBaseUrl: 'https://avd.example.com:7443',
    sweepMinutes: '5',
    sweepGraceSeconds: '60',
    retentionDays: '30',
    alertWindowMinutes: '5',
    alertEmails: 'ops@example.com',
    alertPhones: '+8613800138000',
    chat: 'true',
    chatHosts: 'robots.example.com:8443',
    vpcId: 'vpc-0a1b2c3d4e5f60718',
    subnetIds: 'subnet-0a1b2c3d4e5f60718,subnet-0a1b2c3d4e5f60719',
    securityGroupIds: 'sg-0a1b2c3d4e5f60718',
    timeZone: 'Europe/Berlin',
    legacyHttp: 'true',
    provisionedConcurrency: '2',
    receiveConcurrency: '50',
    applyConcurrency: '5',
    logRetentionDays: '30',
    domainName: 'avd-events.example.com',
    certificateArn: 'arn:aws:acm:ap-southeast-1:123456789012:certificate/0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9',
    queriesPerSecond: '50',
  }

  const adopted = { existingEventLog: 'northbound-log-restored', existingState: 'northbound-state-restored' }

  it('synthesizes a template without findings with every context key that creates resources', async () => {
    expect(Object.keys({ ...everything, ...adopted }).sort()).toEqual(contextKeys.toSorted())
    const { code, output, assembly } = await project.synthesize(everything, 'ap-southeast-1')
    expect(output).not.toMatch(/ERROR|WARNING/)
    expect(code).toBe(0)
    const template = JSON.parse(await readFile(join(assembly, 'Other.template.json'), 'utf8'))
    expect(listFindings(template)).toEqual([])
    const placed = Object.values<{ Type: string; Properties: Record<string, unknown> }>(template.Resources).filter(
      ({ Type, Properties }) => Type === 'AWS::Lambda::Function' && Properties.VpcConfig !== undefined,
    )
    const vpcConfig = {
      SubnetIds: ['subnet-0a1b2c3d4e5f60718', 'subnet-0a1b2c3d4e5f60719'],
      SecurityGroupIds: ['sg-0a1b2c3d4e5f60718'],
    }
    // The reconciler and the function of the group robots.
    expect(placed.map(({ Properties }) => Properties.VpcConfig)).toEqual([vpcConfig, vpcConfig])
    // A changed logical id would replace the resource: no setting may replace one that holds data.
    const defaults = JSON.parse(await readFile(join(inject('assemblies').strict, 'Northbound.template.json'), 'utf8'))
    expect(dataResourceIds(defaults)).toHaveLength(7)
    expect(dataResourceIds(template)).toEqual(expect.arrayContaining(dataResourceIds(defaults)))
  })

  it('synthesizes a template without findings with every context key that mainland China supports', async () => {
    const { alertPhones: _, legacyHttp: __, certificateArn, ...context } = everything
    const inChina = {
      ...context,
      ...adopted,
      certificateArn: certificateArn.replace('aws:acm:ap-southeast-1', 'aws-cn:acm:cn-northwest-1'),
    }
    const { code, output, assembly } = await project.synthesize(inChina, 'cn-northwest-1')
    expect(output).not.toMatch(/ERROR|WARNING/)
    expect(code).toBe(0)
    const template = await readFile(join(assembly, 'Other.template.json'), 'utf8')
    expect(listFindings(JSON.parse(template))).toEqual([])
    expect(JSON.parse(template).Outputs).toMatchObject({
      EventLogTableName: { Value: adopted.existingEventLog },
      StateTableName: { Value: adopted.existingState },
    })
    // Mainland China does not support these.
    expect(template).not.toMatch(/CloudFront::|"Protocol": "sms"|arm64/)
  })

  it('rejects alertPhones and legacyHttp in mainland China and names alternatives', async () => {
    const context = { alertPhones: '+8613800138000', legacyHttp: 'true' }
    const { code, output } = await project.synthesize(context, 'cn-northwest-1')
    expect(code).toBe(1)
    expect(output.trim()).toMatch(
      /^northbound: context "alertPhones": SNS cannot send SMS from cn-northwest-1; \S.*; context "legacyHttp": CloudFront in mainland China \(cn-northwest-1\) \S/,
    )
    expect(output.trim().split('\n')).toHaveLength(1)
  })
})

/** Logical ids of tables, queues and secrets. */
function dataResourceIds({ Resources }: { Resources: Readonly<Record<string, { Type: string }>> }): string[] {
  const types = ['AWS::DynamoDB::Table', 'AWS::SQS::Queue', 'AWS::SecretsManager::Secret']
  return Object.entries(Resources).flatMap(([id, { Type }]) => (types.includes(Type) ? [id] : []))
}
