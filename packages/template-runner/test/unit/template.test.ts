import { describe, expect, it } from 'vitest'
import { resourceKinds } from '../../src/resources/kinds.ts'
import { StartupError } from '../../src/startup-error.ts'
import { readStack } from '../../src/template/read-stack.ts'

const target = {
  stackName: 'Fixture',
  region: 'us-east-1',
  accountId: '000000000000',
  apiUrl: 'http://127.0.0.1:3322',
  distributionHost: '127.0.0.1:1',
  awsEndpointUrl: 'http://127.0.0.1:4566',
}
const identities = new Map(resourceKinds.map(({ type, identify }) => [type, identify]))

const queue = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'events' } }

function output(value: unknown, template: object = {}): string | undefined {
  const source = { Resources: { Queue: queue }, ...template, Outputs: { Value: { Value: value } } }
  return readStack(source, identities, target).outputs.Value
}

describe('readStack', () => {
  it.each([
    [{ Ref: 'Queue' }, 'http://127.0.0.1:4566/000000000000/events'],
    [{ 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:aws:sqs:us-east-1:000000000000:events'],
    [{ 'Fn::GetAtt': 'Queue.QueueName' }, 'events'],
    [{ 'Fn::Join': ['-', ['a', { Ref: 'AWS::Region' }]] }, 'a-us-east-1'],
    [{ 'Fn::Sub': `\${AWS::Partition}/\${Queue.QueueName}/\${!Kept}` }, `aws/events/\${Kept}`],
    [{ 'Fn::Sub': [`\${name}`, { name: { Ref: 'AWS::StackName' } }] }, 'Fixture'],
    [{ 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
  ])('resolves %j', (value, expected) => {
    expect(output(value)).toBe(expected)
  })

  it('resolves a parameter to its default', () => {
    expect(output({ Ref: 'Size' }, { Parameters: { Size: { Default: 'small' } } })).toBe('small')
  })

  it('resolves Fn::FindInMap', () => {
    const Mappings = { Sizes: { 'us-east-1': { memory: '512' } } }
    expect(output({ 'Fn::FindInMap': ['Sizes', { Ref: 'AWS::Region' }, 'memory'] }, { Mappings })).toBe('512')
  })

  it('evaluates conditions and omits resources and outputs whose condition is false', () => {
    const Conditions = {
      Primary: { 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'us-east-1'] },
      Secondary: { 'Fn::Not': [{ Condition: 'Primary' }] },
    }
    const Resources = { Queue: queue, Other: { ...queue, Condition: 'Secondary' } }
    const Outputs = {
      Choice: { Value: { 'Fn::If': ['Primary', 'yes', 'no'] } },
      Absent: { Condition: 'Secondary', Value: 'x' },
    }
    const stack = readStack({ Resources, Conditions, Outputs }, identities, target)
    expect(stack.outputs).toEqual({ Choice: 'yes' })
    expect(stack.of('AWS::SQS::Queue').map(({ logicalId }) => logicalId)).toEqual(['Queue'])
  })

  it('omits a property whose value is AWS::NoValue', () => {
    const Properties = { QueueName: 'q', DelaySeconds: { Ref: 'AWS::NoValue' } }
    const stack = readStack({ Resources: { Queue: { ...queue, Properties } } }, identities, target)
    expect(stack.of('AWS::SQS::Queue')[0]?.properties).toEqual({ QueueName: 'q' })
  })

  it.each([
    ['an unsupported resource type', { Resources: { Bucket: { Type: 'AWS::S3::Bucket' } } }, 'Bucket.*AWS::S3::Bucket'],
    ['an unsupported intrinsic function', { Outputs: { X: { Value: { 'Fn::ImportValue': 'x' } } } }, 'Fn::ImportValue'],
    ['a reference to a missing resource', { Outputs: { X: { Value: { Ref: 'Nowhere' } } } }, 'Nowhere'],
    ['an unsupported attribute', { Outputs: { X: { Value: { 'Fn::GetAtt': ['Queue', 'Colour'] } } } }, 'Colour'],
  ])('rejects %s', (_what, template, message) => {
    const read = () => readStack({ Resources: { Queue: queue }, ...template }, identities, target)
    expect(read).toThrow(StartupError)
    expect(read).toThrow(new RegExp(message))
  })
})
