import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ExecutionEnvironment } from '../functions/execution-environment.ts'
import type { AccessRules, FunctionPrincipal } from './access-rules.ts'
import { type AwsCall, type AwsResponse, type AwsService, type RequiredPermission, readAwsCall } from './aws-call.ts'
import { awsError } from './aws-error.ts'
import type { CallCounts } from './call-counts.ts'
import { errorCodeOf, type Fault, type Faults } from './faults.ts'
import { handlePartially } from './partial-batch.ts'

/** A call that a function's role does not allow. */
export interface Denial {
  /** Construct path of the function. */
  readonly function: string
  readonly action: string
  readonly resource: string
}

export interface EndpointParts {
  readonly services: ReadonlyMap<string, AwsService>
  readonly access: AccessRules
  readonly principals: ReadonlyMap<string, FunctionPrincipal>
  readonly faults: Faults
  readonly counts: CallCounts
  readonly denials: Denial[]
  /** Finds the execution environment with this session token. */
  readonly findEnvironment: (sessionToken: string) => Pick<ExecutionEnvironment, 'kill' | 'freeze'> | undefined
  readonly log: (line: string) => void
}

/** Starts the endpoint that serves all emulated AWS services to functions, tests and command-line tools. */
export async function startEndpoint(parts: EndpointParts): Promise<Server> {
  const server = createServer((request, response) => {
    serve(parts, request, response).catch((error: unknown) => {
      parts.log(`AWS endpoint: ${error instanceof Error ? error.message : String(error)}`)
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })
  // Functions reuse connections. If the server closed an idle one, a call on it could fail.
  server.keepAliveTimeout = 600_000
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', resolve)
  })
  return server
}

async function serve(parts: EndpointParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  // A function that is terminated during a call leaves an incomplete request.
  request.on('error', () => response.destroy())
  response.on('error', () => {})
  for await (const chunk of request) chunks.push(chunk)
  const result = await respond(parts, request, Buffer.concat(chunks))
  if (result === 'hang') return
  if (result === 'reset') {
    request.socket.resetAndDestroy()
    return
  }
  response.writeHead(result.status, { ...result.headers, 'content-length': Buffer.byteLength(result.body) })
  response.end(result.body)
}

type Outcome = AwsResponse | 'hang' | 'reset'

async function respond(parts: EndpointParts, { url = '/', headers }: IncomingMessage, body: Buffer): Promise<Outcome> {
  // Otherwise a web page could read secrets, under a host name of its own that leads to this machine.
  if (!isLoopback(headers.host))
    return awsError({ service: '' }, 403, 'AccessDenied', 'The local AWS endpoint is for localhost and 127.0.0.1 only')
  const call = readAwsCall(url, headers, body)
  if (call !== undefined) return handleCall(parts, call)
  return awsError({ service: '' }, 403, 'MissingAuthenticationToken', 'The request carries no AWS Signature Version 4')
}

/** @param host the header, with any port. */
function isLoopback(host: string | undefined): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/i.test(host ?? '')
}

async function handleCall(parts: EndpointParts, call: AwsCall): Promise<Outcome> {
  const principal = parts.principals.get(call.accessKeyId)
  const service = parts.services.get(call.service)
  if (!service) {
    const message = `the local runner does not emulate the AWS service ${call.service} (${call.action})`
    parts.log(message)
    return awsError(call, 400, 'UnknownOperationException', message)
  }
  const fault = parts.faults.find(call, principal ? namesOf(principal) : [call.accessKeyId])
  if (fault?.effect === 'freeze') callerOf(parts, call)?.freeze(fault.delayMs ?? 0)
  if (fault?.delayMs && !(fault.effect === 'freeze' && fault.isLate)) await sleep(fault.delayMs)
  if (fault && !takesEffect(fault)) return fail(parts, call, fault)
  for (const permission of service.permissions(call)) {
    const { action, resource } = permission
    const denied = principal && (await checkAccess(parts, principal, call, permission))
    if (denied) return denied
    parts.counts.add(principal?.path ?? call.accessKeyId, action, resource)
  }
  if (fault?.effect === 'partial') return handlePartially(service, call)
  const response = await service.handle(call)
  return fault?.isLate && fault.effect !== 'freeze' ? fail(parts, call, fault) : response
}

function takesEffect({ effect, isLate = false }: Fault): boolean {
  return isLate || effect === 'delay' || effect === 'partial' || effect === 'freeze'
}

function callerOf({ findEnvironment }: EndpointParts, { headers }: AwsCall): ReturnType<typeof findEnvironment> {
  return findEnvironment(String(headers['x-amz-security-token']))
}

async function fail(parts: EndpointParts, call: AwsCall, fault: Fault): Promise<Outcome> {
  const { effect = 'error', status = 500 } = fault
  if (effect === 'error') return awsError(call, status, errorCodeOf(fault), 'A fault injected by the local runner')
  if (effect === 'kill') await callerOf(parts, call)?.kill()
  return effect === 'hang' ? 'hang' : 'reset'
}

function namesOf({ path, functionName }: FunctionPrincipal): string[] {
  return [path, functionName, path.split('/').at(-1) ?? path]
}

/** @returns the error response if the function's role does not allow the call. */
async function checkAccess(
  { access, denials, log }: EndpointParts,
  principal: FunctionPrincipal,
  call: AwsCall,
  permission: RequiredPermission,
): Promise<AwsResponse | undefined> {
  const { action, resource } = permission
  const decision = await access.decide(principal, permission)
  if (decision.allowed) return undefined
  denials.push({ function: principal.path, action, resource })
  log(`DENIED ${principal.path}: ${action} on ${resource} ${decision.reason}`)
  const message = `User: ${access.principalArn(principal)} is not authorized to perform: ${action} on resource: ${resource} ${decision.reason}`
  return call.service === 'sns'
    ? awsError(call, 403, 'AuthorizationError', message)
    : awsError(call, 400, 'AccessDeniedException', message)
}
