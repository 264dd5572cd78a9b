import type { IncomingHttpHeaders } from 'node:http'

/** One call of an AWS API, as its wire format has it. */
export interface AwsCall {
  readonly service: string
  readonly region: string
  readonly action: string
  readonly accessKeyId: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** The parameters; of a form (query protocol) the fields. */
  readonly input: Readonly<Record<string, unknown>>
}

export interface AwsResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer
}

/** What IAM must allow for a call. */
export interface Permission {
  /** `service:Action` */
  readonly action: string
  /** ARN, or `*` for an action that knows no resource. */
  readonly resource: string
}

/** An emulated AWS service. */
export interface AwsService {
  permissions(call: AwsCall): readonly Permission[]
  handle(call: AwsCall): Promise<AwsResponse>
}

/** Reads what a signed request calls; undefined where it carries no usable signature. */
export function readAwsCall(headers: IncomingHttpHeaders, body: Buffer): AwsCall | undefined {
  const scope = /Credential=([^/\s,]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/.exec(headers.authorization ?? '')
  const [, accessKeyId, region, service] = scope ?? []
  if (accessKeyId === undefined || region === undefined || service === undefined) return undefined
  const target = headers['x-amz-target']
  const form = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true
  const input = form ? Object.fromEntries(new URLSearchParams(body.toString())) : readObject(body)
  const action = typeof target === 'string' ? target.split('.').at(-1) : input.Action
  return { service, region, action: typeof action === 'string' ? action : '', accessKeyId, headers, body, input }
}

/** A body that is no JSON object is left to the service to refuse. */
function readObject(body: Buffer): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(body.toString())
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {}
  } catch {
    return {}
  }
}

/** A call that the runner makes itself, as the account's administrator. */
export function createAdminCall(service: string, action: string, region: string, input: object): AwsCall {
  const target = { dynamodb: 'DynamoDB_20120810', sqs: 'AmazonSQS', secretsmanager: 'secretsmanager' }[service]
  const authorization = `AWS4-HMAC-SHA256 Credential=local/20200101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0`
  const headers = {
    'content-type': `application/x-amz-json-1.0`,
    'x-amz-target': `${target}.${action}`,
    'x-amz-date': '20200101T000000Z',
    authorization,
  }
  const body = Buffer.from(JSON.stringify(input))
  return { service, region, action, accessKeyId: 'local', headers, body, input: { ...input } }
}

/** The same in the query protocol, which SNS speaks. */
export function createAdminQuery(
  service: string,
  action: string,
  region: string,
  input: Readonly<Record<string, string>>,
): AwsCall {
  const call = createAdminCall(service, action, region, {})
  const { 'x-amz-target': _target, ...headers } = call.headers
  const form = { Action: action, Version: '2010-03-31', ...input }
  const body = Buffer.from(new URLSearchParams(form).toString())
  return { ...call, headers: { ...headers, 'content-type': 'application/x-www-form-urlencoded' }, body, input: form }
}

/**
 * Makes a call of the runner's own and reads its answer.
 *
 * @throws Error with the service's message where it refuses.
 */
export async function callService(service: AwsService, call: AwsCall): Promise<Readonly<Record<string, unknown>>> {
  const { status, body } = await service.handle(call)
  const output = readObject(Buffer.from(body))
  if (status === 200) return output
  throw new AwsServiceError(
    `${call.service}:${call.action}: ${String(output.message ?? output.__type ?? status)}`,
    output,
  )
}

export class AwsServiceError extends Error {
  /** The error's name without its namespace, like `ResourceNotFoundException`. */
  readonly code: string

  constructor(message: string, output: Readonly<Record<string, unknown>>) {
    super(message)
    this.name = 'AwsServiceError'
    this.code = String(output.__type ?? '').replace(/^.*#/, '')
  }
}
