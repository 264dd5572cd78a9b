import type { IncomingHttpHeaders } from 'node:http'

/** A call of an AWS API, read from its HTTP request. */
export interface AwsCall {
  readonly service: string
  readonly region: string
  readonly action: string
  readonly accessKeyId: string
  /** Of the URL, without the query. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  /** The parameters: the JSON body, or the form fields in the query protocol. */
  readonly input: Readonly<Record<string, unknown>>
}

export interface AwsResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Buffer
}

/** Values of condition keys. A list is the value of a key that can have several. */
export type ConditionContext = Readonly<Record<string, string | string[]>>

/** An action and resource that IAM must allow for a call. */
export interface RequiredPermission {
  /** `service:Action` */
  readonly action: string
  /** ARN, or `*` for an action without a resource type. */
  readonly resource: string
  /** The values of condition keys that the service derives from the call. */
  readonly context?: ConditionContext
}

/** An emulated AWS service. */
export interface AwsService {
  permissions(call: AwsCall): readonly RequiredPermission[]
  handle(call: AwsCall): Promise<AwsResponse>
}

/** Parses a signed request. @returns undefined if it has no Signature Version 4 authorization header. */
export function readAwsCall(url: string, headers: IncomingHttpHeaders, body: Buffer): AwsCall | undefined {
  const scope = /Credential=([^/\s,]+)\/\d{8}\/([^/]+)\/([^/]+)\/aws4_request/.exec(headers.authorization ?? '')
  const [, accessKeyId, region, service] = scope ?? []
  if (accessKeyId === undefined || region === undefined || service === undefined) return undefined
  const target = headers['x-amz-target']
  const form = headers['content-type']?.startsWith('application/x-www-form-urlencoded') === true
  const input = form ? Object.fromEntries(new URLSearchParams(body.toString())) : parseObject(body)
  const [path = ''] = url.split('?')
  const action = typeof target === 'string' ? target.split('.').at(-1) : input.Action
  return { service, region, action: typeof action === 'string' ? action : '', accessKeyId, path, headers, body, input }
}

/** Returns an empty object if the body is not a JSON object; the service then rejects the call. */
function parseObject(body: Buffer): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(body.toString())
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {}
  } catch {
    return {}
  }
}

/** Creates a call that the runner itself makes as the account's administrator. */
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
  return { service, region, action, accessKeyId: 'local', path: '/', headers, body, input: { ...input } }
}

/** Creates the same kind of call in the query protocol, which SNS uses. */
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
 * Makes a call and parses the JSON response.
 *
 * @throws AwsServiceError with the service's message if the call fails.
 */
export async function callService(service: AwsService, call: AwsCall): Promise<Readonly<Record<string, unknown>>> {
  const { status, body } = await service.handle(call)
  const output = parseObject(Buffer.from(body))
  if (status === 200) return output
  throw new AwsServiceError(
    `${call.service}:${call.action}: ${String(output.message ?? output.__type ?? status)}`,
    output,
  )
}

/** An emulated service rejected a call of the runner. */
export class AwsServiceError extends Error {
  /** The error code without its namespace, like `ResourceNotFoundException`. */
  readonly code: string

  constructor(message: string, output: Readonly<Record<string, unknown>>) {
    super(message)
    this.name = 'AwsServiceError'
    this.code = String(output.__type ?? '').replace(/^.*#/, '')
  }
}
