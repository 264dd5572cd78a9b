import { Duration } from 'aws-cdk-lib'
import * as apigateway from 'aws-cdk-lib/aws-apigatewayv2'
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager'
import type * as sns from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import { acknowledge } from './acknowledge.ts'
import { RunbookAlarm } from './runbook-alarm.ts'
import type { Settings } from './settings.ts'

export interface PublicApiProps {
  readonly alertTopic: sns.ITopic
  readonly settings: Pick<Settings, 'domainName' | 'certificateArn'>
}

const noAccessLogReason =
  'The receiving function logs every callback with its request id and counts refusals by reason, and the API counts 4xx and 5xx responses. A second line per request would only double the cost of logging.'

/** The HTTP API for callbacks and queries. */
export class PublicApi extends Construct {
  readonly api: apigateway.HttpApi
  /** The URL without a path. It uses the custom domain if there is one; the default endpoint stays valid. */
  readonly url: string
  /** The target of the custom domain's CNAME record. */
  readonly domainTarget: string | undefined

  constructor(scope: Construct, id: string, { alertTopic, settings }: PublicApiProps) {
    super(scope, id)
    const domain = this.createCustomDomain(settings)
    this.api = new apigateway.HttpApi(this, 'Http', {
      description: 'Northbound: callbacks and queries',
      ...(domain && { defaultDomainMapping: { domainName: domain } }),
    })
    this.url = domain === undefined ? this.api.apiEndpoint : `https://${domain.name}`
    this.domainTarget = domain?.regionalDomainName
    acknowledge(this.api, {
      'AwsSolutions-APIG1': noAccessLogReason,
      'Serverless-APIGWAccessLogging': noAccessLogReason,
      'Serverless-APIGWDefaultThrottling':
        "The platform never resends a throttled callback, so only the account's quota limits callbacks. Queries can be limited with queriesPerSecond.",
      'AwsSolutions-APIG4':
        'The functions authorize requests themselves: callbacks by check_code, queries by bearer token. The platform supports no other method.',
    })
    this.addClientErrorAlarm(alertTopic)
    new RunbookAlarm(this, 'ApiServerErrors', {
      topic: alertTopic,
      metric: this.api.metricServerError({ period: Duration.minutes(1), statistic: 'Sum' }),
      threshold: 1,
      impact: {
        chinese:
          '有请求收到 5xx 响应。如果其中有平台的回调，则相应事件已丢失，平台不会重发；稍后与平台核对时会修正房间和用户的状态。',
        english:
          'Requests got 5xx responses. If one was a callback, its event is lost, and the platform does not resend it. Reconciliation corrects rooms and participants later.',
      },
    })
  }

  /** Counts 4xx responses on any path: also what API Gateway itself refuses, so that no function sees it. */
  private addClientErrorAlarm(topic: sns.ITopic): void {
    new RunbookAlarm(this, 'ApiClientErrors', {
      topic,
      metric: this.api.metricClientError({ period: Duration.minutes(5), statistic: 'Sum' }),
      threshold: 5,
      // Scanners that try paths for a minute are not a fault.
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      impact: {
        chinese:
          '持续有请求被拒绝（4xx 响应），包括路径错误、请求过大和限流。如果其中有平台的回调，则相应事件已丢失，平台不会重发。',
        english:
          'Requests keep being refused with 4xx responses: wrong paths, oversized or throttled requests among them. If they are callbacks, their events are lost, and the platform does not resend them.',
      },
    })
  }

  /** Requests of these routes beyond the rate get status 429. Short bursts may reach twice the rate. */
  throttle(routes: readonly apigateway.HttpRoute[], requestsPerSecond: number): void {
    const stage = this.api.defaultStage?.node.defaultChild as apigateway.CfnStage
    const settings = { ThrottlingRateLimit: requestsPerSecond, ThrottlingBurstLimit: 2 * requestsPerSecond }
    for (const route of routes) {
      const resource = route.node.defaultChild as apigateway.CfnRoute
      stage.routeSettings = { ...stage.routeSettings, [resource.routeKey]: settings }
      // API Gateway rejects settings of a route that does not exist yet.
      stage.addResourceDependency(resource)
    }
  }

  private createCustomDomain(settings: PublicApiProps['settings']): apigateway.DomainName | undefined {
    const { domainName, certificateArn } = settings
    if (domainName === undefined || certificateArn === undefined) return undefined
    return new apigateway.DomainName(this, 'Domain', {
      domainName,
      certificate: Certificate.fromCertificateArn(this, 'Certificate', certificateArn),
    })
  }
}
