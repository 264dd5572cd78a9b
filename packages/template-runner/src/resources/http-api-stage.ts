import { z } from 'zod'
import type { EmulatedAccount, ResourceKind } from '../account.ts'
import { TokenBucket } from '../gateway/token-bucket.ts'
import { StartupError } from '../startup-error.ts'
import { readProperties, unused } from './properties.ts'

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
  // Deployment and access logs have no effect here.
  AutoDeploy: unused,
  AccessLogSettings: unused,
  Description: unused,
  Tags: unused,
})

export const stage: ResourceKind = {
  type: 'AWS::ApiGatewayV2::Stage',
  identify: ({ logicalId }) => ({ ref: logicalId, attributes: {} }),
  create(resources, { stack }) {
    const known = stack.of('AWS::ApiGatewayV2::Route').map(({ properties }) => properties.RouteKey)
    for (const resource of resources) {
      const { RouteSettings } = readProperties(stageSchema, resource)
      const unknown = Object.keys(RouteSettings).find((key) => !known.includes(key))
      if (unknown !== undefined) throw new StartupError(`${resource.logicalId}: there is no route ${unknown}`)
    }
  },
}

/** The default limits of an AWS account: requests per second, and the size of a burst. */
const accountQuota = { rate: 10_000, burst: 5000 }

/** Creates the token bucket of a route from the stage's settings; undefined if the stage sets no limit. */
export function createThrottle(routeKey: string, { stack }: EmulatedAccount): TokenBucket | undefined {
  const [first] = stack.of(stage.type)
  if (!first) return undefined
  const { RouteSettings, DefaultRouteSettings } = readProperties(stageSchema, first)
  const { ThrottlingRateLimit: rate, ThrottlingBurstLimit: burst } = {
    ...DefaultRouteSettings,
    ...RouteSettings[routeKey],
  }
  if (rate === undefined && burst === undefined) return undefined
  return new TokenBucket({ rate: rate ?? accountQuota.rate, burst: burst ?? accountQuota.burst })
}
