import type { AddressInfo } from 'node:net'
import type { DeploymentSettings, EmulatedAccount } from './account.ts'
import type { CleanupStack } from './cleanup.ts'
import { accountId, region } from './deployment-target.ts'
import { AccessRules, type FunctionPrincipal } from './endpoint/access-rules.ts'
import type { AwsService } from './endpoint/aws-call.ts'
import { CallCounts } from './endpoint/call-counts.ts'
import { Faults } from './endpoint/faults.ts'
import { type Denial, type EndpointParts, startEndpoint } from './endpoint/server.ts'
import type { FunctionPool } from './functions/function-pool.ts'
import { startDistribution } from './gateway/distribution.ts'
import type { Gateway } from './gateway/server.ts'
import type { Monitor } from './monitoring/monitor.ts'
import { addQueueGauges } from './monitoring/queue-gauges.ts'
import type { RunnerOptions } from './options.ts'
import { DeliveryFaults } from './polling/delivery-faults.ts'
import { resourceKinds } from './resources/kinds.ts'
import { CloudFormation } from './services/cloudformation.ts'
import { CloudWatch } from './services/cloudwatch.ts'
import { Lambda } from './services/lambda.ts'
import { startServices } from './start-services.ts'
import { type Assembly, readAssembly } from './template/read-assembly.ts'
import { readStack } from './template/read-stack.ts'

export interface TemplateDeployment {
  readonly account: EmulatedAccount
  readonly counts: CallCounts
  readonly faults: Faults
  readonly denials: readonly Denial[]
}

/** Creates every resource of the assembly's template. Pollers, schedules and alarms are not started. */
export async function deploy(
  options: RunnerOptions,
  directory: string,
  gateway: Gateway,
  cleanup: CleanupStack,
  log: (line: string) => void,
): Promise<TemplateDeployment> {
  const assembly = await readAssembly(directory)
  const services = await startServices(options, cleanup, log)
  const access = new AccessRules(accountId)
  const principals = new Map<string, FunctionPrincipal>()
  const observed = { counts: new CallCounts(), faults: new Faults(), denials: [] as Denial[] }
  const { dynamodb, messaging, secrets, monitor } = services
  const { sqs, sns } = messaging
  const functions = new Map<string, FunctionPool>()
  const lambda = new Lambda(functions)
  const cloudformation = new CloudFormation(() => account)
  // CloudWatch calls itself "monitoring" in signatures.
  const monitoring = new CloudWatch(monitor)
  const byName = new Map<string, AwsService>(
    Object.entries({ dynamodb, sqs, sns, secretsmanager: secrets, lambda, cloudformation, monitoring }),
  )
  const findEnvironment = (sessionToken: string) =>
    functions
      .values()
      .map((pool) => pool.findEnvironment(sessionToken))
      .find((environment) => environment !== undefined)
  const parts = { services: byName, access, principals, ...observed, findEnvironment, log }
  const awsEndpointUrl = await listen(parts, cleanup)
  const distribution = await startDistribution()
  cleanup.add(() => distribution.close())
  const { stackName } = assembly
  const { url: apiUrl } = gateway
  const target = { stackName, region, accountId, apiUrl, distributionHost: distribution.host, awsEndpointUrl }
  const identities = new Map(resourceKinds.map(({ type, identify }) => [type, identify]))
  const account: EmulatedAccount = {
    target,
    stack: readStack(assembly.template, identities, target),
    ...services,
    access,
    principals,
    distribution,
    functions,
    pollers: [],
    deliveryFaults: new DeliveryFaults(),
    schedules: [],
    subscriptions: [],
    settings: settingsOf(options, assembly),
    log,
    serve(api) {
      gateway.serve(api)
      gateway.onResponse = (status, durationMs) => putApiMetrics(monitor, api.apiId, status, durationMs)
    },
    onStop: (action) => cleanup.add(action),
  }
  cleanup.add(() => Promise.all(account.functions.values().map((pool) => pool.stop())))
  addQueueGauges(account)
  for (const { type, create } of resourceKinds) await create?.(account.stack.of(type), account)
  return { account, ...observed }
}

function settingsOf(options: RunnerOptions, { assetFolder }: Assembly): DeploymentSettings {
  return {
    assetFolder,
    logs: options.logs ?? 'errors',
    visibilityTimeoutSeconds: options.visibilityTimeoutSeconds,
    batchingWindowSeconds: options.batchingWindowSeconds,
    scheduleSeconds: options.scheduleSeconds ?? {},
  }
}

function putApiMetrics(monitor: Monitor, ApiId: string, status: number, durationMs: number): void {
  const put = (name: string, value: number) =>
    monitor.put({ namespace: 'AWS/ApiGateway', name, dimensions: { ApiId } }, value)
  put('Count', 1)
  put('Latency', durationMs)
  if (status >= 400) put(status >= 500 ? '5xx' : '4xx', 1)
}

async function listen(parts: EndpointParts, cleanup: CleanupStack): Promise<string> {
  const endpoint = await startEndpoint(parts)
  cleanup.add(() => {
    endpoint.close()
    endpoint.closeAllConnections()
  })
  const { port } = endpoint.address() as AddressInfo
  return `http://127.0.0.1:${port}`
}
