import type { AddressInfo } from 'node:net'
import type { EmulatedAccount } from './account.ts'
import type { CleanupStack } from './cleanup.ts'
import { accountId, type DeploymentTarget, region } from './deployment-target.ts'
import { AccessRules, type FunctionPrincipal } from './endpoint/access-rules.ts'
import { type AwsService, callService, createAdminQuery } from './endpoint/aws-call.ts'
import { CallCounts } from './endpoint/call-counts.ts'
import { Faults } from './endpoint/faults.ts'
import { type Denial, type EndpointParts, startEndpoint } from './endpoint/server.ts'
import { startDistribution } from './gateway/distribution.ts'
import type { Gateway } from './gateway/server.ts'
import { Monitor } from './monitoring/monitor.ts'
import { addQueueGauges } from './monitoring/queue-gauges.ts'
import type { RunnerOptions } from './options.ts'
import { resourceKinds } from './resources/kinds.ts'
import { startDynamoDb } from './services/dynamodb.ts'
import { startMessaging } from './services/messaging.ts'
import { SecretsManager } from './services/secrets-manager.ts'
import { Deliveries } from './sns/deliveries.ts'
import { readAssembly } from './template/read-assembly.ts'
import { readStack } from './template/read-stack.ts'

export interface TemplateDeployment {
  readonly account: EmulatedAccount
  readonly counts: CallCounts
  readonly faults: Faults
  readonly denials: readonly Denial[]
}

/** Makes every resource of the assembly's template. Nothing polls yet. */
export async function deploy(
  options: RunnerOptions,
  directory: string,
  gateway: Gateway,
  cleanup: CleanupStack,
  log: (line: string) => void,
): Promise<TemplateDeployment> {
  const assembly = await readAssembly(directory)
  const dynamodb = await startDynamoDb(options.dynamodbUrl)
  cleanup.add(() => dynamodb.close())
  const emulator = startMessaging()
  cleanup.add(() => emulator.close())
  const deliveries = new Deliveries({ ...emulator, region, log })
  const messaging = { ...emulator, sns: deliveries.sns }
  const monitor = new Monitor(async (TopicArn, Subject, texts) => {
    const input = { TopicArn, Subject, MessageStructure: 'json', Message: JSON.stringify(texts) }
    await callService(messaging.sns, createAdminQuery('sns', 'Publish', region, input))
  }, log)
  cleanup.add(() => monitor.stop())
  const parts = {
    secrets: new SecretsManager(),
    access: new AccessRules(accountId),
    principals: new Map<string, FunctionPrincipal>(),
  }
  const observed = { counts: new CallCounts(), faults: new Faults(), denials: [] as Denial[] }
  const { sqs, sns } = messaging
  const services = new Map<string, AwsService>(Object.entries({ dynamodb, sqs, sns, secretsmanager: parts.secrets }))
  const awsEndpointUrl = await listen({ services, ...parts, ...observed, log }, cleanup)
  const distribution = await startDistribution()
  cleanup.add(() => distribution.close())
  const target: DeploymentTarget = {
    stackName: assembly.stackName,
    region,
    accountId,
    apiUrl: gateway.url,
    distributionHost: distribution.host,
    awsEndpointUrl,
  }
  const identities = new Map(resourceKinds.map(({ type, identify }) => [type, identify]))
  const account: EmulatedAccount = {
    target,
    stack: readStack(assembly.template, identities, target),
    dynamodb,
    messaging,
    deliveries,
    distribution,
    monitor,
    ...parts,
    functions: new Map(),
    pollers: [],
    schedules: [],
    subscriptions: [],
    settings: {
      assetFolder: assembly.assetFolder,
      logs: options.logs ?? 'errors',
      visibilityTimeoutSeconds: options.visibilityTimeoutSeconds,
      batchingWindowSeconds: options.batchingWindowSeconds,
      scheduleSeconds: options.scheduleSeconds,
    },
    log,
    serve(api) {
      gateway.serve(api)
      gateway.onAnswer = (status, milliseconds) => countAnswer(monitor, api.apiId, status, milliseconds)
    },
    onStop: (action) => cleanup.add(action),
  }
  cleanup.add(() => Promise.all(account.functions.values().map((pool) => pool.stop())))
  addQueueGauges(account)
  for (const { type, create } of resourceKinds) await create?.(account.stack.of(type), account)
  return { account, ...observed }
}

/** The figures of an HTTP API. */
function countAnswer(monitor: Monitor, ApiId: string, status: number, milliseconds: number): void {
  const figure = (name: string, value: number) =>
    monitor.put({ namespace: 'AWS/ApiGateway', name, dimensions: { ApiId } }, value)
  figure('Count', 1)
  figure('Latency', milliseconds)
  if (status >= 400) figure(status >= 500 ? '5xx' : '4xx', 1)
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
