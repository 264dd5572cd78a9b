import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { App, Stack } from 'aws-cdk-lib'
import { Match, Template } from 'aws-cdk-lib/assertions'
import { Vpc } from 'aws-cdk-lib/aws-ec2'
import { Northbound, type NorthboundProps } from 'northbound'
import { describe, expect, it, onTestFinished } from 'vitest'
import { findings } from '../support/deployment-rules.ts'

/** The functions' code is the same everywhere: it need not be bundled for each template. */
const unbundled = { 'aws:cdk:bundling-stacks': [] }

const stackWith = (...all: readonly NorthboundProps[]) => {
  const stack = new Stack(new App({ context: unbundled }), 'Shop')
  for (const [index, props] of all.entries()) new Northbound(stack, `Site${index + 1}`, props)
  return Template.fromStack(stack)
}

describe('the construct in an app of somebody else', () => {
  it('is used by the example, whose template follows the rules of a deployment', () => {
    const directory = mkdtempSync(join(tmpdir(), 'northbound-example-'))
    onTestFinished(() => rmSync(directory, { recursive: true }))
    const example = fileURLToPath(new URL('../../examples/attendance', import.meta.url))
    const { context } = JSON.parse(readFileSync(join(example, 'cdk.json'), 'utf8'))
    const { status, stdout, stderr } = spawnSync(process.execPath, ['app.ts'], {
      cwd: example,
      encoding: 'utf8',
      env: {
        ...process.env,
        CDK_OUTDIR: directory,
        CDK_CONTEXT_JSON: JSON.stringify({ ...context, ...unbundled }),
      },
    })
    expect(`${stdout}${stderr}`).not.toMatch(/ERROR|WARNING/)
    expect(status).toBe(0)
    const template = JSON.parse(readFileSync(join(directory, 'Attendance.template.json'), 'utf8'))
    // A queue of the example's own that nobody reads here has no alarm of ours.
    expect(findings(template)).toEqual([expect.stringMatching(/^alarms: no alarm on visible messages of Leaves/)])
    Template.fromJSON(template).hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'sqs',
      FilterPolicy: { event: ['leave'] },
    })
  })

  it('can stand twice in a stack: names of alarms and metrics do not meet', () => {
    const template = stackWith({}, { alertEmails: ['ops@example.com'] })
    const names = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
      ({ Properties }) => Properties.AlarmName,
    )
    expect(names).toContain('Shop-Site1-dead-letters')
    expect(names).toContain('Shop-Site2-dead-letters')
    expect(new Set(names).size).toBe(names.length)
    for (const site of ['Shop-Site1', 'Shop-Site2']) {
      template.hasResourceProperties('AWS::Lambda::Function', {
        Environment: { Variables: { METRICS_NAMESPACE: site } },
      })
      template.hasResourceProperties('AWS::CloudWatch::Alarm', {
        AlarmName: `${site}-drift`,
        Namespace: site,
      })
    }
  })

  it('takes what the same app makes', () => {
    const stack = new Stack(new App({ context: unbundled }), 'Shop')
    const vpc = new Vpc(stack, 'Vpc')
    new Northbound(stack, 'Northbound', {
      vpcId: vpc.vpcId,
      subnetIds: vpc.privateSubnets.map(({ subnetId }) => subnetId),
      securityGroupIds: [vpc.vpcDefaultSecurityGroup],
    })
    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
      VpcConfig: { SubnetIds: [{ Ref: Match.stringLikeRegexp('VpcPrivateSubnet') }, Match.anyValue()] },
    })
  })

  it('refuses a wrong property by its name, and what its region does not have', () => {
    expect(() => stackWith({ retentionDays: 0 })).toThrow('property "retentionDays": must be a whole number from 1')
    const inChina = new Stack(new App(), 'Shop', { env: { account: '123456789012', region: 'cn-north-1' } })
    expect(() => new Northbound(inChina, 'Northbound', { legacyHttp: true })).toThrow(
      'property "legacyHttp": CloudFront',
    )
  })
})
