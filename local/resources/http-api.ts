import { z } from 'zod'
import type { LocalAccount, ResourceKind } from '../account.ts'
import { readRoute } from '../gateway/routes.ts'
import type { Integration } from '../gateway/server.ts'
import { StartFailure } from '../start-failure.ts'
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
    if (others.length > 0) throw new StartFailure('the local runner serves one HTTP API, the template has more')
    if (!api) return
    readProperties(apiSchema, api)
    const integrations = new Map(
      account.stack
        .of(integration.type)
        .map((resource) => [resource.identity.ref, createIntegration(resource, account)] as const),
    )
    account.serve({
      apiId: api.identity.ref,
      accountId: account.place.accountId,
      routes: account.stack.of(route.type).map((resource) => createRoute(resource, api, integrations, account)),
    })
  },
}

const stageSchema = z.strictObject({
  ApiId: z.string(),
  StageName: z.literal('$default', 'the local runner serves the $default stage only'),
  // When it is deployed, how it is logged and how it is throttled.
  AutoDeploy: unused,
  AccessLogSettings: unused,
  DefaultRouteSettings: unused,
  RouteSettings: unused,
  Description: unused,
  Tags: unused,
})

export const stage: ResourceKind = {
  type: 'AWS::ApiGatewayV2::Stage',
  identify: ({ logicalId }) => ({ ref: logicalId, attributes: {} }),
  create(resources) {
    for (const resource of resources) readProperties(stageSchema, resource)
  },
}

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

interface Backed extends Pick<Integration, 'invoke' | 'timeoutMilliseconds'> {
  readonly functionArn: string
}

function createIntegration(resource: Resource, { functions }: LocalAccount): Backed {
  const { IntegrationUri, TimeoutInMillis } = readProperties(integrationSchema, resource)
  const functionArn = /arn:aws:lambda:[^/]*/.exec(IntegrationUri)?.[0] ?? IntegrationUri
  const pool = functions.get(functionArn.split(':').at(-1) ?? '')
  if (!pool) throw new StartFailure(`${resource.logicalId}: there is no function ${IntegrationUri}`)
  return { functionArn, timeoutMilliseconds: TimeoutInMillis, invoke: (event) => pool.invoke(event) }
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
  account: LocalAccount,
) {
  const { RouteKey, Target } = readProperties(routeSchema, resource)
  const target = integrations.get(Target.replace(/^integrations\//, ''))
  if (!target) throw new StartFailure(`${resource.logicalId}: there is no integration ${Target}`)
  const { region, accountId } = account.place
  const [method, path] = RouteKey === '$default' ? ['$default', ''] : RouteKey.split(' ')
  const sourceArn = `arn:aws:execute-api:${region}:${accountId}:${api.identity.ref}/$default/${method}${path}`
  const allowed = mayCall('apigateway.amazonaws.com', sourceArn, target.functionArn, account)
  return readRoute<Integration>(RouteKey, {
    ...target,
    refusal: allowed ? undefined : `no permission lets apigateway.amazonaws.com call ${target.functionArn}`,
  })
}
