import { z } from 'zod'
import type { EmulatedAccount, ResourceKind } from '../account.ts'
import type { Origin } from '../gateway/distribution.ts'
import { StartupError } from '../startup-error.ts'
import type { Resource } from '../template/resource.ts'
import { readProperties, unused } from './properties.ts'

/** CloudFront's managed cache policy CachingDisabled. */
const cachingDisabledPolicyId = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad'

const originSchema = z.strictObject({
  Id: unused,
  DomainName: z.string(),
  OriginPath: z.string().default(''),
  OriginCustomHeaders: z
    .array(z.strictObject({ HeaderName: z.string().toLowerCase(), HeaderValue: z.string() }))
    .default([]),
  // Protocols and timeouts of the connection to the origin.
  CustomOriginConfig: unused,
  ConnectionTimeout: unused,
  ConnectionAttempts: unused,
})

const distributionSchema = z.strictObject({
  DistributionConfig: z.strictObject({
    Enabled: z.literal(true, 'the local runner emulates enabled distributions only'),
    Origins: z.tuple([originSchema], 'the local runner emulates one origin only'),
    DefaultCacheBehavior: z.strictObject({
      TargetOriginId: unused,
      AllowedMethods: unused,
      CachePolicyId: z.literal(cachingDisabledPolicyId, 'the local runner emulates distributions without a cache only'),
      OriginRequestPolicyId: z.string(),
      Compress: z.literal(false, 'the local runner does not compress'),
      ViewerProtocolPolicy: z.literal('allow-all', 'the local runner emulates plain HTTP only'),
    }),
    // Error responses are not cached either.
    CustomErrorResponses: unused,
    Comment: unused,
    HttpVersion: unused,
    IPV6Enabled: unused,
    PriceClass: unused,
  }),
  Tags: unused,
})

export const distribution: ResourceKind = {
  type: 'AWS::CloudFront::Distribution',
  identify({ logicalId }, { distributionHost }) {
    const id = logicalId.slice(-14).toUpperCase()
    return { ref: id, attributes: { Id: id, DomainName: distributionHost } }
  },
  create(resources, account) {
    const [first, ...others] = resources
    if (others.length > 0) throw new StartupError('the local runner emulates one distribution, the template has more')
    if (first) account.distribution.serve(readOrigin(first, account))
  },
}

function readOrigin(resource: Resource, account: EmulatedAccount): Origin {
  const { Origins, DefaultCacheBehavior } = readProperties(distributionSchema, resource).DistributionConfig
  const [{ DomainName, OriginPath, OriginCustomHeaders }] = Origins
  const policy = account.stack
    .of(originRequestPolicy.type)
    .find(({ identity }) => identity.ref === DefaultCacheBehavior.OriginRequestPolicyId)
  if (!policy) throw new StartupError(`${resource.logicalId}: the template does not have its origin request policy`)
  const { HeadersConfig, QueryStringsConfig } = readProperties(policySchema, policy).OriginRequestPolicyConfig
  return {
    host: DomainName,
    path: OriginPath,
    headers: Object.fromEntries(
      OriginCustomHeaders.map(({ HeaderName, HeaderValue }) => [HeaderName, resolveSecrets(HeaderValue, account)]),
    ),
    forwardedHeaders: HeadersConfig.Headers,
    forwardsQuery: QueryStringsConfig.QueryStringBehavior === 'all',
  }
}

/** Replaces dynamic references by the values of secrets, as CloudFormation does. */
function resolveSecrets(text: string, { secrets }: EmulatedAccount): string {
  return text.replace(
    /\{\{resolve:secretsmanager:(arn:[^{}]*?):SecretString:([^:{}]*)(?:::)?\}\}/g,
    (_reference, arn: string, key: string) => {
      const value = secrets.readCurrent(arn)
      if (value === undefined) throw new StartupError(`there is no secret ${arn}`)
      return key === '' ? value : (z.record(z.string(), z.string()).parse(JSON.parse(value))[key] ?? '')
    },
  )
}

const policySchema = z.strictObject({
  OriginRequestPolicyConfig: z.strictObject({
    Name: z.string(),
    Comment: unused,
    CookiesConfig: z.strictObject({ CookieBehavior: z.literal('none', 'the local runner forwards no cookies') }),
    HeadersConfig: z.strictObject({
      HeaderBehavior: z.literal('whitelist', 'the local runner forwards the headers of a list only'),
      Headers: z.array(z.string().toLowerCase()),
    }),
    QueryStringsConfig: z.strictObject({ QueryStringBehavior: z.enum(['all', 'none']) }),
  }),
})

export const originRequestPolicy: ResourceKind = {
  type: 'AWS::CloudFront::OriginRequestPolicy',
  identify: ({ logicalId }) => ({ ref: logicalId, attributes: { Id: logicalId } }),
}
