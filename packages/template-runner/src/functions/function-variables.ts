import { createHash } from 'node:crypto'

export interface FunctionDescription {
  /** The variables of the template. */
  readonly templateVariables: Readonly<Record<string, string>>
  readonly name: string
  readonly handler: string
  readonly runtime: string
  readonly memoryMegabytes: number
  readonly logGroupName: string
  readonly taskRoot: string
  readonly region: string
  readonly accessKeyId: string
  readonly awsEndpointUrl: string
}

/**
 * Builds the environment of a function: the template's variables, those that Lambda sets, and the AWS endpoint. Each execution
 * environment adds a session token of its own.
 */
export function functionVariables(description: FunctionDescription): Readonly<Record<string, string>> {
  return {
    ...description.templateVariables,
    AWS_ACCESS_KEY_ID: description.accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_DEFAULT_REGION: description.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${description.runtime}`,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(description.memoryMegabytes),
    AWS_LAMBDA_FUNCTION_NAME: description.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: description.logGroupName,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_REGION: description.region,
    AWS_ENDPOINT_URL: description.awsEndpointUrl,
    LAMBDA_TASK_ROOT: description.taskRoot,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    _HANDLER: description.handler,
  }
}

/** Derives the function's access key id, by which the endpoint identifies the caller. */
export function accessKeyFor(functionName: string): string {
  return `AKIA${createHash('sha256').update(functionName).digest('hex').slice(0, 16).toUpperCase()}`
}
