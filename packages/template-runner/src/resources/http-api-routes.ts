import { z } from 'zod'
import type { EmulatedAccount, ResourceKind } from '../account.ts'
import type { Integration } from '../gateway/http-api.ts'
import { type Route, readRoute } from '../gateway/routes.ts'
import { StartupError } from '../startup-error.ts'
import type { Resource } from '../template/resource.ts'
import { createThrottle } from './http-api-stage.ts'
import { permitsInvocation } from './permissions.ts'
import { readProperties, unused } from './properties.ts'

const integrationSchema = z.strictObject({
  ApiId: z.string(),
  Description: unused,
  IntegrationType: z.literal('AWS_PROXY', 'the local runner emulates Lambda proxies only'),
  IntegrationUri: z.string(),
  IntegrationMethod: unused,
  PayloadFormatVersion: z.literal('2.0', 'the local runner emulates payload format 2.0 only'),
  TimeoutInMillis: z.coerce.number().int().min(50).max(30_000).default(30_000),
})

export const integration: ResourceKind = {
  type: 'AWS::ApiGatewayV2::Integration',
  identify: ({ logicalId }) => ({ ref: logicalId, attributes: { IntegrationId: logicalId } }),
}

const routeSchema = z.strictObject({
  ApiId: z.string(),
  RouteKey: z.string(),
  Target: z.string(),
  AuthorizationType: z.literal('NONE', 'the local runner does not emulate authorizers').optional(),
  OperationName: unused,
})

export const route: ResourceKind = {
  type: 'AWS::ApiGatewayV2::Route',
  identify: ({ logicalId }) => ({ ref: logicalId, attributes: { RouteId: logicalId } }),
}

/** An integration without what depends on the route. */
interface RouteTarget extends Omit<Integration, 'refusal' | 'throttle'> {
  readonly functionArn: string
}

/** Reads all routes of the template with their integrations. */
export function createRoutes(api: Resource, account: EmulatedAccount): Route<Integration>[] {
  const targets = new Map(
    account.stack
      .of(integration.type)
      .map((resource) => [resource.identity.ref, createTarget(resource, account)] as const),
  )
  return account.stack.of(route.type).map((resource) => createRoute(resource, api, targets, account))
}

function createTarget(resource: Resource, { functions }: EmulatedAccount): RouteTarget {
  const { IntegrationUri, TimeoutInMillis } = readProperties(integrationSchema, resource)
  const functionArn = /arn:aws:lambda:[^/]*/.exec(IntegrationUri)?.[0] ?? IntegrationUri
  // A version or an alias may follow the name.
  const pool = functions.get(/:function:([^:]+)/.exec(functionArn)?.[1] ?? functionArn)
  if (!pool) throw new StartupError(`${resource.logicalId}: there is no function ${IntegrationUri}`)
  return { functionArn, timeoutMs: TimeoutInMillis, invoke: (event) => pool.invoke(event) }
}

function createRoute(
  resource: Resource,
  api: Resource,
  targets: ReadonlyMap<string, RouteTarget>,
  account: EmulatedAccount,
): Route<Integration> {
  const { RouteKey, Target } = readProperties(routeSchema, resource)
  const target = targets.get(Target.replace(/^integrations\//, ''))
  if (!target) throw new StartupError(`${resource.logicalId}: there is no integration ${Target}`)
  const { region, accountId } = account.target
  const [method, path] = RouteKey === '$default' ? ['$default', ''] : RouteKey.split(' ')
  const sourceArn = `arn:aws:execute-api:${region}:${accountId}:${api.identity.ref}/$default/${method}${path}`
  const permitted = permitsInvocation('apigateway.amazonaws.com', sourceArn, target.functionArn, account)
  return readRoute<Integration>(RouteKey, {
    ...target,
    throttle: createThrottle(RouteKey, account),
    refusal: permitted ? undefined : `no permission lets apigateway.amazonaws.com call ${target.functionArn}`,
  })
}
