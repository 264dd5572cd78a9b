import { Aws, Duration, Fn } from 'aws-cdk-lib'
import type * as apigateway from 'aws-cdk-lib/aws-apigatewayv2'
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront'
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins'
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager'
import { Construct } from 'constructs'
import * as headerNames from '../names/headers.ts'
import { acknowledge } from './acknowledge.ts'
import { installationName } from './installation-name.ts'

export interface LegacyHttpProps {
  readonly api: apigateway.HttpApi
  /** The only path of the API that is reachable over plain HTTP, including its subpaths. */
  readonly path: string
}

/** The error statuses that CloudFront caches for ten seconds by default. */
const cachedErrorStatuses = [400, 403, 404, 405, 414, 500, 501, 502, 503, 504]

/**
 * A CloudFront distribution that accepts callbacks over plain HTTP, for media servers that can be configured with
 * `host:port/path` only (before `avd box-v3.33-20240315-09-57-22`).
 *
 * It prefixes every path with the callback path and forwards only what a callback needs, so that the query API is not
 * reachable through it.
 */
export class LegacyHttp extends Construct {
  /** The URL of the distribution, without a path. */
  readonly url: string
  /** `{"key": "…"}`: proves to the function that a request came through the distribution. */
  readonly edgeKeySecret: secretsmanager.Secret

  constructor(scope: Construct, id: string, { api, path }: LegacyHttpProps) {
    super(scope, id)
    this.edgeKeySecret = this.createEdgeKeySecret()
    const distribution = new cloudfront.Distribution(this, 'Distribution', {
      comment: 'Callbacks of AVD media servers that support plain HTTP only',
      defaultBehavior: {
        origin: new HttpOrigin(Fn.select(2, Fn.split('/', api.apiEndpoint)), {
          originPath: path,
          protocolPolicy: cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
          customHeaders: { [headerNames.edgeKey]: this.edgeKeySecret.secretValueFromJson('key').unsafeUnwrap() },
          // The media server waits for the response, so these stay close to the function's timeout.
          connectionTimeout: Duration.seconds(2),
          readTimeout: Duration.seconds(10),
        }),
        viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.ALLOW_ALL,
        allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL,
        cachePolicy: cloudfront.CachePolicy.CACHING_DISABLED,
        originRequestPolicy: this.createForwardingPolicy(),
        compress: false,
      },
      // The API has no IPv6 address, so allowedCidrs may list only the IPv4 addresses of the media servers.
      enableIpv6: false,
      errorResponses: cachedErrorStatuses.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
    })
    acknowledge(distribution, {
      'AwsSolutions-CFR1': 'The operator restricts the source addresses with allowedCidrs, not by country.',
      'AwsSolutions-CFR2':
        'The function behind it checks address and signature itself; a web application firewall would cost more than the rest of the stack.',
      'AwsSolutions-CFR3': 'The receiving function logs every callback and counts refusals by reason.',
      'AwsSolutions-CFR4': 'The distribution exists for media servers that support plain HTTP only.',
    })
    this.url = `http://${distribution.distributionDomainName}`
  }

  private createEdgeKeySecret(): secretsmanager.Secret {
    const secret = new secretsmanager.Secret(this, 'EdgeKey', {
      description: 'Do not change: the CloudFront distribution holds a copy. {"key": "..."}',
      generateSecretString: {
        secretStringTemplate: '{}',
        generateStringKey: 'key',
        excludePunctuation: true,
        passwordLength: 48,
      },
    })
    acknowledge(secret, {
      'AwsSolutions-SMG4':
        'The distribution holds a copy from its deployment: after a rotation, its callbacks would be refused.',
    })
    return secret
  }

  private createForwardingPolicy(): cloudfront.OriginRequestPolicy {
    return new cloudfront.OriginRequestPolicy(this, 'Forwarded', {
      // The name must be unique in the account across regions.
      originRequestPolicyName: `${installationName(this)}-callbacks-${Aws.REGION}`,
      comment: 'The parameters of a callback and its source address',
      queryStringBehavior: cloudfront.OriginRequestQueryStringBehavior.all(),
      headerBehavior: cloudfront.OriginRequestHeaderBehavior.allowList('Content-Type', headerNames.viewerAddress),
    })
  }
}
