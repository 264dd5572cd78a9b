import { accountId } from '../deployment-target.ts'
import type { AwsCall, AwsResponse, AwsService } from '../endpoint/aws-call.ts'
import { awsError } from '../endpoint/aws-error.ts'
import type { FunctionPool } from '../functions/function-pool.ts'

const invokePath = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/
const concurrencyPath = /^\/2019-09-30\/functions\/([^/]+)\/concurrency$/
const configurationPath = /^\/2015-03-31\/functions\/([^/]+)\/configuration$/
const settingsPath = /^\/2016-08-19\/account-settings\/?$/

/** The quota of concurrent executions that most accounts have. */
const concurrentExecutions = 1000

/** Emulates synchronous invocations, and the actions that return the concurrency of the account, and that and the settings of a function. */
export class Lambda implements AwsService {
  /** By physical name. */
  readonly #functions: ReadonlyMap<string, FunctionPool>

  constructor(functions: ReadonlyMap<string, FunctionPool>) {
    this.#functions = functions
  }

  permissions({ path, region }: AwsCall) {
    if (settingsPath.test(path)) return [{ action: 'lambda:GetAccountSettings', resource: '*' }]
    const resource = arnOf(nameIn(path) ?? '*', region)
    const action = concurrencyPath.test(path)
      ? 'lambda:GetFunctionConcurrency'
      : configurationPath.test(path)
        ? 'lambda:GetFunctionConfiguration'
        : 'lambda:InvokeFunction'
    return [{ action, resource }]
  }

  async handle(call: AwsCall): Promise<AwsResponse> {
    if (settingsPath.test(call.path)) return createResponse(this.#describeAccount())
    const name = nameIn(call.path)
    const type = call.headers['x-amz-invocation-type'] ?? 'RequestResponse'
    if (name === undefined || type !== 'RequestResponse') {
      const message = `the local runner emulates synchronous invocations only, not ${call.path} with type ${String(type)}`
      return awsError(call, 400, 'UnknownOperationException', message)
    }
    const pool = this.#functions.get(name)
    if (!pool)
      return awsError(call, 404, 'ResourceNotFoundException', `Function not found: ${arnOf(name, call.region)}`)
    if (configurationPath.test(call.path)) return createResponse(describeFunction(pool))
    return concurrencyPath.test(call.path)
      ? createResponse({ ReservedConcurrentExecutions: pool.settings.reservedConcurrency })
      : invoke(call, pool)
  }

  /** What is reserved for functions is not available to the others. */
  #describeAccount() {
    const reserved = [...this.#functions.values()].map(({ settings }) => settings.reservedConcurrency ?? 0)
    return {
      AccountLimit: {
        TotalCodeSize: 80_530_636_800,
        CodeSizeUnzipped: 262_144_000,
        CodeSizeZipped: 52_428_800,
        ConcurrentExecutions: concurrentExecutions,
        UnreservedConcurrentExecutions: concurrentExecutions - reserved.reduce((sum, one) => sum + one, 0),
      },
      AccountUsage: { TotalCodeSize: 0, FunctionCount: this.#functions.size },
    }
  }
}

/** Without the variables that Lambda itself sets. */
function describeFunction({ settings }: FunctionPool) {
  const own = Object.entries(settings.variables).filter(([name]) => !/^(AWS_|LAMBDA_|LANG$|TZ$|_HANDLER$)/.test(name))
  return {
    FunctionName: settings.name,
    FunctionArn: settings.arn,
    Timeout: settings.timeoutSeconds,
    MemorySize: settings.memoryMegabytes,
    State: 'Active',
    Environment: { Variables: Object.fromEntries(own) },
  }
}

async function invoke(call: AwsCall, pool: FunctionPool): Promise<AwsResponse> {
  const payload = parsePayload(call.body)
  if (payload === 'invalid')
    return awsError(call, 400, 'InvalidRequestContentException', 'Could not parse request body into json')
  const result = await pool.invoke(payload.event)
  if (result.kind === 'throttled') return awsError(call, 429, result.error.errorType, result.error.errorMessage)
  const headers = { 'content-type': 'application/json', 'x-amz-executed-version': '$LATEST' }
  if (result.kind === 'returned') return { status: 200, headers, body: result.payload }
  return {
    status: 200,
    headers: { ...headers, 'x-amz-function-error': 'Unhandled' },
    body: JSON.stringify(result.error),
  }
}

function createResponse(output: object): AwsResponse {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(output) }
}

function arnOf(name: string, region: string): string {
  return `arn:aws:lambda:${region}:${accountId}:function:${name}`
}

/** The function's name in the path of a request, which contains the name or the ARN. */
function nameIn(path: string): string | undefined {
  const [, id] = invokePath.exec(path) ?? concurrencyPath.exec(path) ?? configurationPath.exec(path) ?? []
  return id === undefined ? undefined : decodeURIComponent(id).split(':').at(-1)
}

function parsePayload(body: Buffer): { readonly event: unknown } | 'invalid' {
  if (body.length === 0) return { event: {} }
  try {
    return { event: JSON.parse(body.toString()) }
  } catch {
    return 'invalid'
  }
}
