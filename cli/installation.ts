import {
  CloudFormationClient,
  type CloudFormationClientConfig,
  paginateDescribeStacks,
  type Stack,
} from '@aws-sdk/client-cloudformation'
import { CliError, exitCodes, usageError } from './cli-error.ts'

/** The options that select an installation. */
export interface InstallationOptions {
  readonly stack?: string | undefined
  readonly awsEndpointUrl?: string | undefined
  readonly region?: string | undefined
}

/** A deployed stack or a local run. */
export interface Installation {
  readonly stackName: string
  /** The settings of its AWS clients. */
  readonly clients: ClientSettings
  /** Returns an output of the stack. @throws CliError if it has none of this name. */
  output(name: string): string
  /** Whether the stack has an output: some exist only with a setting. */
  hasOutput(name: string): boolean
}

export type ClientSettings = Pick<CloudFormationClientConfig, 'endpoint' | 'region' | 'credentials'>

/**
 * Finds the stack with the caller's AWS credentials, or the one of a local run by its AWS endpoint.
 *
 * @throws CliError if no installation is selected, or the stack does not exist.
 */
export async function findInstallation(options: InstallationOptions, signal: AbortSignal): Promise<Installation> {
  const { stack: name, awsEndpointUrl } = options
  if (name === undefined && awsEndpointUrl === undefined) {
    throw usageError({
      en: 'give --stack NAME for a deployed stack, or --aws-endpoint-url URL for a local run',
      zh: '请用 --stack 名称 指定已部署的堆栈，或用 --aws-endpoint-url 地址 指定本机运行',
    })
  }
  const clients = clientSettings(options)
  const found = await findStack(new CloudFormationClient(clients), name, signal)
  const outputs = new Map(found.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]))
  const stackName = found.StackName ?? ''
  return {
    stackName,
    clients,
    hasOutput: (outputName) => outputs.get(outputName) !== undefined,
    output(outputName) {
      const value = outputs.get(outputName)
      if (value !== undefined) return value
      throw new CliError({
        en: `the stack ${stackName} has no output ${outputName}: make sure that it is a stack of Northbound, and up to date`,
        zh: `堆栈 ${stackName} 没有输出 ${outputName}：请确认它是 Northbound 的堆栈，且已更新到最新版本`,
      })
    },
  }
}

/** A local run accepts any credentials. */
function clientSettings({ awsEndpointUrl, region }: InstallationOptions): ClientSettings {
  if (awsEndpointUrl === undefined) return region === undefined ? {} : { region }
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' }
  return { endpoint: awsEndpointUrl, region: region ?? 'us-east-1', credentials }
}

async function findStack(
  client: CloudFormationClient,
  name: string | undefined,
  abortSignal: AbortSignal,
): Promise<Stack> {
  const stacks: Stack[] = []
  try {
    const input = name === undefined ? {} : { StackName: name }
    const pages = paginateDescribeStacks({ client }, input, { abortSignal })
    for await (const { Stacks = [] } of pages) stacks.push(...Stacks)
  } catch (error) {
    abortSignal.throwIfAborted()
    const reason = error instanceof Error ? error.message || error.name : String(error)
    throw new CliError(
      { en: `cannot find the installation: ${reason}`, zh: `找不到部署实例：${reason}` },
      exitCodes.failure,
      { cause: error },
    )
  }
  const [stack] = stacks
  if (stack !== undefined) return stack
  throw new CliError({ en: 'there is no stack', zh: '没有该堆栈' })
}
