import { createHash } from 'node:crypto'

export interface FunctionDescription {
  /** What the template gives the function. */
  readonly own: Readonly<Record<string, string>>
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

/** The environment of a function: the template's variables, Lambda's own, and where AWS is on this machine. */
export function functionVariables(facts: FunctionDescription): Readonly<Record<string, string>> {
  return {
    ...facts.own,
    AWS_ACCESS_KEY_ID: facts.accessKeyId,
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'local',
    AWS_DEFAULT_REGION: facts.region,
    AWS_EXECUTION_ENV: `AWS_Lambda_${facts.runtime}`,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(facts.memoryMegabytes),
    AWS_LAMBDA_FUNCTION_NAME: facts.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: facts.logGroupName,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_REGION: facts.region,
    AWS_ENDPOINT_URL: facts.awsEndpointUrl,
    LAMBDA_TASK_ROOT: facts.taskRoot,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    _HANDLER: facts.handler,
  }
}

/** An access key of the function's own: by it the endpoint knows who calls. */
export function accessKeyFor(functionName: string): string {
  return `AKIA${createHash('sha256').update(functionName).digest('hex').slice(0, 16).toUpperCase()}`
}
