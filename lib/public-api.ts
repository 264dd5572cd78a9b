import { Duration } from 'aws-cdk-lib'
import * as apigateway from 'aws-cdk-lib/aws-apigatewayv2'
import type * as sns from 'aws-cdk-lib/aws-sns'
import { Construct } from 'constructs'
import { acknowledge } from './acknowledge.ts'
import { Alarm } from './alarm.ts'

export interface PublicApiProps {
  readonly alertTopic: sns.ITopic
}

const accessLog =
  'Each callback leaves a line with its request id in the log of its function, refusals are counted by their cause, and 4xx and 5xx by the API. A second line for each would only double the price of the logs.'

/** What the outside calls: the platform with its callbacks, people and programs with their queries. */
export class PublicApi extends Construct {
  readonly api: apigateway.HttpApi

  constructor(scope: Construct, id: string, { alertTopic }: PublicApiProps) {
    super(scope, id)
    this.api = new apigateway.HttpApi(this, 'Http', { description: 'Northbound: callbacks and queries' })
    acknowledge(this.api, {
      'AwsSolutions-APIG1': accessLog,
      'Serverless-APIGWAccessLogging': accessLog,
      'Serverless-APIGWDefaultThrottling':
        'A callback that is throttled is lost, for the platform never repeats one: only the quota of the account holds them back.',
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
}
