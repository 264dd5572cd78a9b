import { z } from 'zod'
import type { EmulatedAccount, ResourceKind } from '../account.ts'
import { readRoute } from '../gateway/routes.ts'
import type { Integration } from '../gateway/server.ts'
import { TokenBucket } from '../gateway/token-bucket.ts'
import { StartupError } from '../startup-error.ts'
import type { Resource } from '../template/read-stack.ts'
import { mayCall } from './permissions.ts'
import { readProperties, unused } from './properties.ts'

const apiSchema = z.strictObject({
  ProtocolType: z.literal('HTTP', 'the local runner plays HTTP APIs only'),
  Name: unused,
  Description: unused,
  DisableExecuteApiEndpoint: unused,
  Tags: unused,
})

export const httpApi: ResourceKind = {
  type: 'AWS::ApiGatewayV2::Api',
  identify({ logicalId }, { apiUrl }) {
    const id = logicalId.toLowerCase().slice(0, 10)
    return { ref: id, attributes: { ApiEndpoint: apiUrl, ApiId: id } }
  },
  create(resources, account) {
    const [api, ...others] = resources
    if (others.length > 0) throw new StartupError('the local runner serves one HTTP API, the template has more')
    if (!api) return
    readProperties(apiSchema, api)
    const integrations = new Map(
      account.stack
        .of(integration.type)
        .map((resource) => [resource.identity.ref, createIntegration(resource, account)] as const),
    )
    account.serve({
      apiId: api.identity.ref,
      accountId: account.target.accountId,
      routes: account.stack.of(route.type).map((resource) => createRoute(resource, api, integrations, account)),
    })
  },
}

const throttleSchema = z.strictObject({
  ThrottlingRateLimit: z.coerce.number().positive().optional(),
  ThrottlingBurstLimit: z.coerce.number().int().positive().optional(),
  DetailedMetricsEnabled: unused,
})

const stageSchema = z.strictObject({
  ApiId: z.string(),
  StageName: z.literal('$default', 'the local runner serves the $default stage only'),
  DefaultRouteSettings: throttleSchema.default({}),
  RouteSettings: z.record(z.string(), throttleSchema).default({}),
  // When it is deployed and how it is logged.
  AutoDeploy: unused,
  AccessLogSettings: unused,
  Description: unused,
  Tags: unused,
})

export const stage: ResourceKind = {
  type: 'AWS::ApiGatewayV2::Stage',
  identify: ({ logicalId }) => ({ ref: logicalId, attributes: {} }),
  create(resources, { stack }) {
    const known = stack.of(route.type).map(({ properties }) => properties.RouteKey)
    for (const resource of resources) {
      const { RouteSettings } = readProperties(stageSchema, resource)
      const unknown = Object.keys(RouteSettings).find((key) => !known.includes(key))
      if (unknown !== undefined) throw new StartupError(`${resource.logicalId}: there is no route ${unknown}`)
    }
  },
}

/** As the stage has it, for this route or for all. */
function throttleOf(routeKey: string, { stack }: EmulatedAccount): TokenBucket | undefined {
  const [only] = stack.of(stage.type)
  if (!only) return undefined
  const { RouteSettings, DefaultRouteSettings } = readProperties(stageSchema, only)
  const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } = {
    ...DefaultRouteSettings,
    ...RouteSettings[routeKey],
  }
  if (rate === undefined && burst === undefined) return undefined
  return new TokenBucket({ rate: rate ?? quota.rate, burst: burst ?? quota.burst })
}

/** Of an account, where the stage says nothing. */
const quota = { rate: 10_000, burst: 5000 }

const integrationSchema = z.strictObject({
  ApiId: z.string(),
  Description: unused,
  IntegrationType: z.literal('AWS_PROXY', 'the local runner plays Lambda proxies only'),
  IntegrationUri: z.string(),
  IntegrationMethod: unused,
  PayloadFormatVersion: z.literal('2.0', 'the local runner plays payload format 2.0 only'),
  TimeoutInMillis: z.coerce.number().int().min(50).max(30_000).default(30_000),
})

export const integration: ResourceKind = {
  type: 'AWS::ApiGatewayV2::Integration',
  identify: ({ logicalId }) => ({ ref: logicalId, attributes: { IntegrationId: logicalId } }),
}

interface Backed extends Omit<Integration, 'refusal' | 'throttle'> {
  readonly functionArn: string
}

function createIntegration(resource: Resource, { functions }: EmulatedAccount): Backed {
  const { IntegrationUri, TimeoutInMillis } = readProperties(integrationSchema, resource)
  const functionArn = /arn:aws:lambda:[^/]*/.exec(IntegrationUri)?.[0] ?? IntegrationUri
  // A version or an alias may follow the name.
  const pool = functions.get(/:function:([^:]+)/.exec(functionArn)?.[1] ?? functionArn)
  if (!pool) throw new StartupError(`${resource.logicalId}: there is no function ${IntegrationUri}`)
  return { functionArn, timeoutMs: TimeoutInMillis, invoke: (event) => pool.invoke(event) }
}

const routeSchema = z.strictObject({
  ApiId: z.string(),
  RouteKey: z.string(),
  Target: z.string(),
  AuthorizationType: z.literal('NONE', 'the local runner plays no authorizers').optional(),
  OperationName: unused,
})

export const route: ResourceKind = {
  type: 'AWS::ApiGatewayV2::Route',
  identify: ({ logicalId }) => ({ ref: logicalId, attributes: { RouteId: logicalId } }),
}

function createRoute(
  resource: Resource,
  api: Resource,
  integrations: ReadonlyMap<string, Backed>,
  account: EmulatedAccount,
) {
  const { RouteKey, Target } = readProperties(routeSchema, resource)
  const target = integrations.get(Target.replace(/^integrations\//, ''))
  if (!target) throw new StartupError(`${resource.logicalId}: there is no integration ${Target}`)
  const { region, accountId } = account.target
  const [method, path] = RouteKey === '$default' ? ['$default', ''] : RouteKey.split(' ')
  const sourceArn = `arn:aws:execute-api:${region}:${accountId}:${api.identity.ref}/$default/${method}${path}`
  const allowed = mayCall('apigateway.amazonaws.com', sourceArn, target.functionArn, account)
  return readRoute<Integration>(RouteKey, {
    ...target,
    throttle: throttleOf(RouteKey, account),
    refusal: allowed ? undefined : `no permission lets apigateway.amazonaws.com call ${target.functionArn}`,
  })
}
