import { CloudFormationClient, DescribeStacksCommand, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation'
import { describe, expect, it } from 'vitest'
import { runFixture } from './run-fixture.ts'

const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }

describe('CloudFormation at the endpoint', () => {
  it('describes the stack with its outputs, by name or alone, and lists its resources', async () => {
    const run = await runFixture({ functions: { Echo: { code: 'export const handler = async () => 1' } } })
    const client = new CloudFormationClient({ endpoint: run.awsEndpointUrl, region: 'us-east-1', credentials })
    for (const input of [{}, { StackName: 'Fixture' }]) {
      const { Stacks } = await client.send(new DescribeStacksCommand(input))
      expect(Stacks).toMatchObject([{ StackName: 'Fixture', StackStatus: 'CREATE_COMPLETE' }])
      const outputs = Stacks?.[0]?.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]) ?? []
      expect(Object.fromEntries(outputs)).toEqual(run.outputs)
    }
    const { StackResourceSummaries } = await client.send(new ListStackResourcesCommand({ StackName: 'Fixture' }))
    expect(StackResourceSummaries).toContainEqual(
      expect.objectContaining({ ResourceType: 'AWS::Lambda::Function', PhysicalResourceId: 'Fixture-Echo' }),
    )
  })

  it('refuses other stacks as CloudFormation does', async () => {
    const run = await runFixture({ functions: {} })
    const client = new CloudFormationClient({ endpoint: run.awsEndpointUrl, region: 'us-east-1', credentials })
    const response = client.send(new DescribeStacksCommand({ StackName: 'Other' }))
    await expect(response).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'Stack with id Other does not exist',
    })
  })
})
