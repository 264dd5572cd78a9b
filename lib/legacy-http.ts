import { Aws, Duration, Fn } from 'aws-cdk-lib'
import type * as apigateway from 'aws-cdk-lib/aws-apigatewayv2'
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront'
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins'
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager'
import { Construct } from 'constructs'
import { acknowledge } from './acknowledge.ts'
import { installationName } from './installation-name.ts'

export interface LegacyHttpProps {
  readonly api: apigateway.HttpApi
  /** The one path of the API that can be reached over plain HTTP, with what is below it. */
  readonly path: string
}

/** By default CloudFront answers the next callers with a failure of the origin too, for ten seconds. */
const failures = [400, 403, 404, 405, 414, 500, 501, 502, 503, 504]

/**
 * Takes callbacks over plain HTTP, for boxes that can be told `host:port/path` only
 * (before `avd box-v3.33-20240315-09-57-22`).
 *
 * Whatever path is asked for is looked for below that of the callbacks, and nothing is handed on but what a callback needs,
 * so that the query API cannot be used this way.
 */
export class LegacyHttp extends Construct {
  /** Without a path. */
  readonly url: string
  /**
   * `{"key": "…"}`: what shows the function that a request came this way, and not from somebody who only says where it
   * comes from.
   */
  readonly edgeKeySecret: secretsmanager.Secret

  constructor(scope: Construct, id: string, { api, path }: LegacyHttpProps) {
    super(scope, id)
    this.edgeKeySecret = new secretsmanager.Secret(this, 'EdgeKey', {
      description: 'Made for the distribution, which got it when it was deployed: do not change it. {"key": "..."}',
      generateSecretString: {
        secretStringTemplate: '{}',
        generateStringKey: 'key',
        excludePunctuation: true,
        passwordLength: 48,
      },
    })
    acknowledge(this.edgeKeySecret, {
      'AwsSolutions-SMG4':
        'The distribution has a copy from its deployment: a key that changes by itself would turn its callbacks away.',
    })
    const distribution = new cloudfront.Distribution(this, 'Distribution', {
      comment: 'Callbacks of AVD boxes that know plain HTTP only',
      defaultBehavior: {
        origin: new HttpOrigin(Fn.select(2, Fn.split('/', api.apiEndpoint)), {
          originPath: path,
          protocolPolicy: cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
          customHeaders: { [edgeKeyHeader]: this.edgeKeySecret.secretValueFromJson('key').unsafeUnwrap() },
          // The box waits, and it waits for us no longer than the function takes.
          connectionTimeout: Duration.seconds(2),
          readTimeout: Duration.seconds(10),
        }),
        viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.ALLOW_ALL,
        allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL,
        cachePolicy: cloudfront.CachePolicy.CACHING_DISABLED,
        originRequestPolicy: new cloudfront.OriginRequestPolicy(this, 'Forwarded', {
          // Such a name exists once in an account, whatever the region.
          originRequestPolicyName: `${installationName(this)}-callbacks-${Aws.REGION}`,
          comment: 'The parameters of a callback, and where it came from',
          queryStringBehavior: cloudfront.OriginRequestQueryStringBehavior.all(),
          headerBehavior: cloudfront.OriginRequestHeaderBehavior.allowList('Content-Type', viewerAddressHeader),
        }),
        compress: false,
      },
      // The API has no IPv6 address; a box that came by one would not be among the ranges that let it in before.
      enableIpv6: false,
      errorResponses: failures.map((httpStatus) => ({ httpStatus, ttl: Duration.seconds(0) })),
    })
    acknowledge(distribution, {
      'AwsSolutions-CFR1': 'Where a box may stand is for its owner to say: allowedCidrs does so for each address.',
      'AwsSolutions-CFR2':
        'The function behind it checks address and signature itself; a firewall would cost more than all the rest.',
      'AwsSolutions-CFR3':
        'Each callback leaves a line in the log of its function, and refusals are counted by their cause.',
      'AwsSolutions-CFR4': 'Plain HTTP is what it is there for: these boxes cannot do better.',
    })
    this.url = `http://${distribution.distributionDomainName}`
  }
}

const edgeKeyHeader = 'x-northbound-edge-key'
const viewerAddressHeader = 'CloudFront-Viewer-Address'
