import { randomUUID } from 'node:crypto'
import type { DeploymentTarget } from '../deployment-target.ts'
import type { AwsCall, AwsResponse, AwsService } from '../endpoint/aws-call.ts'
import { awsError, escapeXml } from '../endpoint/aws-error.ts'
import type { Stack } from '../template/read-stack.ts'

type Deployed = {
  readonly target: Pick<DeploymentTarget, 'stackName' | 'region' | 'accountId'>
  readonly stack: Pick<Stack, 'outputs' | 'all'>
}

/** Emulates the actions of CloudFormation that describe the deployed stack and list its resources. */
export class CloudFormation implements AwsService {
  readonly #deployed: () => Deployed

  /** @param deployed returns the stack; calls come only after it was read. */
  constructor(deployed: () => Deployed) {
    this.#deployed = deployed
  }

  permissions({ action, input }: AwsCall) {
    const { StackName } = input
    return [{ action: `cloudformation:${action}`, resource: typeof StackName === 'string' ? this.#arn() : '*' }]
  }

  async handle(call: AwsCall): Promise<AwsResponse> {
    const { action, input } = call
    const { stackName } = this.#deployed().target
    if (input.StackName !== undefined && input.StackName !== stackName && input.StackName !== this.#arn()) {
      return awsError(call, 400, 'ValidationError', `Stack with id ${String(input.StackName)} does not exist`)
    }
    if (action === 'DescribeStacks') return respond(action, `<Stacks><member>${this.#describe()}</member></Stacks>`)
    if (action === 'ListStackResources') {
      return respond(action, `<StackResourceSummaries>${this.#resources()}</StackResourceSummaries>`)
    }
    return awsError(call, 400, 'InvalidAction', `the local runner does not emulate ${action}`)
  }

  #arn(): string {
    const { region, accountId, stackName } = this.#deployed().target
    return `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/local`
  }

  #describe(): string {
    const { stack, target } = this.#deployed()
    const outputs = Object.entries(stack.outputs).map(
      ([OutputKey, OutputValue]) => `<member>${elements({ OutputKey, OutputValue })}</member>`,
    )
    const summary = elements({
      StackId: this.#arn(),
      StackName: target.stackName,
      StackStatus: 'CREATE_COMPLETE',
      CreationTime: new Date(0).toISOString(),
    })
    return `${summary}<Outputs>${outputs.join('')}</Outputs>`
  }

  #resources(): string {
    const members = this.#deployed().stack.all.map(({ logicalId, type, identity }) => {
      const ids = { LogicalResourceId: logicalId, PhysicalResourceId: identity.ref, ResourceType: type }
      return `<member>${elements({ ...ids, ResourceStatus: 'CREATE_COMPLETE', LastUpdatedTimestamp: new Date(0).toISOString() })}</member>`
    })
    return members.join('')
  }
}

function elements(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`)
    .join('')
}

function respond(action: string, result: string): AwsResponse {
  const body = `<${action}Response xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></${action}Response>`
  return { status: 200, headers: { 'content-type': 'text/xml' }, body }
}
