import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation'
import { GetFunctionConcurrencyCommand, GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda'
import pMap from 'p-map'
import type { EnvironmentName } from '../../names/environment.ts'
import type { Installation } from '../installation.ts'

export interface StackFunction {
  readonly name: string
  /** Names the function, such as `ReceiverReceiveCallback3F1A`. */
  readonly logicalId: string
  readonly variables: Readonly<Record<string, string>>
  /** Executions that are reserved for the function; undefined if none are. */
  readonly reservedConcurrency: number | undefined
}

/** What the resources of the stack are. Each is read once, when a check asks for it. */
export interface StackFacts {
  listAlarmNames(): Promise<readonly string[]>
  listFunctions(): Promise<readonly StackFunction[]>
  /** An environment variable that the functions have: a setting of the installation. Undefined if none has it. */
  readVariable(name: EnvironmentName): Promise<string | undefined>
}

interface StackResource {
  readonly type: string
  readonly logicalId: string
  readonly physicalId: string
}

const requestConcurrency = 5

export function stackFacts({ clients, stackName }: Installation): StackFacts {
  const listResources = once(async () => {
    const resources: StackResource[] = []
    const client = new CloudFormationClient(clients)
    for await (const page of paginateListStackResources({ client }, { StackName: stackName }))
      for (const {
        ResourceType: type = '',
        LogicalResourceId: logicalId = '',
        PhysicalResourceId,
      } of page.StackResourceSummaries ?? [])
        resources.push({ type, logicalId, physicalId: PhysicalResourceId ?? '' })
    return resources
  })
  const listFunctions = once(async () => {
    const lambda = new LambdaClient(clients)
    const own = (await listResources()).filter(({ type, logicalId }) => isOwnFunction(type, logicalId))
    return pMap(own, (resource) => readFunction(lambda, resource), { concurrency: requestConcurrency })
  })
  return {
    async listAlarmNames() {
      const resources = await listResources()
      return resources.filter(({ type }) => type === 'AWS::CloudWatch::Alarm').map(({ physicalId }) => physicalId)
    },
    listFunctions,
    async readVariable(name) {
      const functions = await listFunctions()
      return functions.map(({ variables }) => variables[name]).find((value) => value !== undefined)
    },
  }
}

/** The CDK may add functions of its own to a stack. */
function isOwnFunction(type: string, logicalId: string): boolean {
  return (
    type === 'AWS::Lambda::Function' && !logicalId.startsWith('CustomResource') && !logicalId.startsWith('LogRetention')
  )
}

async function readFunction(lambda: LambdaClient, { logicalId, physicalId }: StackResource): Promise<StackFunction> {
  const input = { FunctionName: physicalId }
  const [{ Environment }, { ReservedConcurrentExecutions }] = await Promise.all([
    lambda.send(new GetFunctionConfigurationCommand(input)),
    lambda.send(new GetFunctionConcurrencyCommand(input)),
  ])
  return {
    name: physicalId,
    logicalId,
    variables: Environment?.Variables ?? {},
    reservedConcurrency: ReservedConcurrentExecutions,
  }
}

/** Remembers the result of the first call, a failure included. */
function once<Result>(read: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | undefined
  return () => {
    result ??= read()
    return result
  }
}
