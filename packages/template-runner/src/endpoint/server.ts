import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AccessRules, FunctionPrincipal } from './access-rules.ts'
import { type AwsCall, type AwsResponse, type AwsService, readAwsCall } from './aws-call.ts'
import { awsError } from './aws-error.ts'
import type { CallCounts } from './call-counts.ts'
import { codeOf, type Faults } from './faults.ts'

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
  readonly log: (line: string) => void
}

/** The one address at which functions, tests and people find every AWS service of the stack. */
export async function startEndpoint(parts: EndpointParts): Promise<Server> {
  const server = createServer((request, response) => {
    serve(parts, request, response).catch((error: unknown) => {
      parts.log(`AWS endpoint: ${error instanceof Error ? error.message : String(error)}`)
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })
  // Functions keep their connections; an idle one that the server closes looks to them like a lost answer.
  server.keepAliveTimeout = 600_000
  await new Promise<void>((listening, fail) => {
    server.once('error', fail)
    server.listen(0, '127.0.0.1', listening)
  })
  return server
}

async function serve(parts: EndpointParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  // A function killed in the middle of a call leaves half a request.
  request.on('error', () => response.destroy())
  response.on('error', () => {})
  for await (const chunk of request) chunks.push(chunk)
  const call = readAwsCall(request.headers, Buffer.concat(chunks))
  const answer = call
    ? await answerCall(parts, call)
    : awsError({ service: '' }, 403, 'MissingAuthenticationToken', 'The request carries no AWS Signature Version 4')
  if (answer === 'hang') return
  response.writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(answer.body) })
  response.end(answer.body)
}

async function answerCall(parts: EndpointParts, call: AwsCall): Promise<AwsResponse | 'hang'> {
  const principal = parts.principals.get(call.accessKeyId)
  const service = parts.services.get(call.service)
  if (!service) {
    const message = `the local runner does not play the AWS service ${call.service} (${call.action})`
    parts.log(message)
    return awsError(call, 400, 'UnknownOperationException', message)
  }
  const fault = parts.faults.for(call, principal ? namesOf(principal) : [call.accessKeyId])
  if (fault?.hang) return 'hang'
  if (fault) return awsError(call, fault.status ?? 500, codeOf(fault), 'A fault injected by the local runner')
  for (const { action, resource } of service.permissions(call)) {
    const refusal = principal && (await refuse(parts, principal, call, action, resource))
    if (refusal) return refusal
    parts.counts.add(principal?.path ?? call.accessKeyId, action, resource)
  }
  return service.handle(call)
}

function namesOf({ path, functionName }: FunctionPrincipal): string[] {
  return [path, functionName, path.split('/').at(-1) ?? path]
}

async function refuse(
  { access, denials, log }: EndpointParts,
  principal: FunctionPrincipal,
  call: AwsCall,
  action: string,
  resource: string,
): Promise<AwsResponse | undefined> {
  const decision = await access.decide(principal, action, resource)
  if (decision.allowed) return undefined
  denials.push({ function: principal.path, action, resource })
  log(`DENIED ${principal.path}: ${action} on ${resource} ${decision.reason}`)
  const who = access.principalArn(principal)
  const message = `User: ${who} is not authorized to perform: ${action} on resource: ${resource} ${decision.reason}`
  return call.service === 'sns'
    ? awsError(call, 403, 'AuthorizationError', message)
    : awsError(call, 400, 'AccessDeniedException', message)
}
