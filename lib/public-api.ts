import { Duration } from 'aws-cdk-lib'
import * as apigateway from 'aws-cdk-lib/aws-apigatewayv2'
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import type * as sns from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import { acknowledge } from './acknowledge.ts'
import { Alarm } from './alarm.ts'
import type { Settings } from './settings.ts'

export interface PublicApiProps {
  readonly alertTopic: sns.ITopic
  readonly settings: Pick<Settings, 'domainName' | 'certificateArn'>
}

const accessLog =
  'Each callback leaves a line with its request id in the log of its function, refusals are counted by their cause, and 4xx and 5xx by the API. A second line for each would only double the price of the logs.'

/** What the outside calls: the platform with its callbacks, people and programs with their queries. */
export class PublicApi extends Construct {
  readonly api: apigateway.HttpApi
  /** Without a path: of the name of one's own, if there is one. The name that AWS gave stays valid beside it. */
  readonly url: string
  /** Where the CNAME record of the name has to point. */
  readonly domainTarget: string | undefined

  constructor(scope: Construct, id: string, { alertTopic, settings }: PublicApiProps) {
    super(scope, id)
    const domain = this.ownDomain(settings)
    this.api = new apigateway.HttpApi(this, 'Http', {
      description: 'Northbound: callbacks and queries',
      ...(domain && { defaultDomainMapping: { domainName: domain } }),
    })
    this.url = domain === undefined ? this.api.apiEndpoint : `https://${domain.name}`
    this.domainTarget = domain?.regionalDomainName
    acknowledge(this.api, {
      'AwsSolutions-APIG1': accessLog,
      'Serverless-APIGWAccessLogging': accessLog,
      'Serverless-APIGWDefaultThrottling':
        'A callback that is throttled is lost, for the platform never repeats one: only the quota of the account holds them back. Queries can be (queriesPerSecond).',
      'AwsSolutions-APIG4':
        'The functions authorize themselves: callbacks by their check_code, queries by a bearer token. The platform can send nothing else.',
    })
    new Alarm(this, 'ApiServerErrors', {
      topic: alertTopic,
      metric: this.api.metricServerError({ period: Duration.minutes(1), statistic: 'Sum' }),
      threshold: 1,
      impact: {
        chinese: '有请求得到 5xx 应答。如果是平台的回调, 该事件已经丢失, 平台不会重发; 对账会在之后补正房间和人员。',
        english:
          'Requests are answered with 5xx. If one was a callback, its event is lost: the platform does not repeat it. Reconciliation corrects rooms and people later.',
      },
    })
  }

  /** Turns requests of these routes away with 429 where there are more than that; for a moment, twice as many pass. */
  throttle(routes: readonly apigateway.HttpRoute[], perSecond: number): void {
    const stage = this.api.defaultStage?.node.defaultChild as apigateway.CfnStage
    const settings = { ThrottlingRateLimit: perSecond, ThrottlingBurstLimit: 2 * perSecond }
    for (const route of routes) {
      const resource = route.node.defaultChild as apigateway.CfnRoute
      stage.routeSettings = { ...stage.routeSettings, [resource.routeKey]: settings }
      // A stage cannot speak of a route that is not there yet.
      stage.addResourceDependency(resource)
    }
  }

  private ownDomain({ domainName, certificateArn }: PublicApiProps['settings']): apigateway.DomainName | undefined {
    if (domainName === undefined || certificateArn === undefined) return undefined
    return new apigateway.DomainName(this, 'Domain', {
      domainName,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
    })
  }
}
