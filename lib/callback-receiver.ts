import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib'
import type * as apigateway from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch'
import { type IFunction, SystemLogLevel } from 'aws-cdk-lib/aws-lambda'
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager'
import type * as sns from 'aws-cdk-lib/aws-sns'
import type * as sqs from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import * as metricNames from '../names/metrics.ts'
import type { RefusalOutcome } from '../names/outcomes.ts'
import * as paths from '../names/paths.ts'
import * as refusalCounts from '../names/refusal-counts.ts'
import * as samples from '../names/refused-samples.ts'
import { acknowledge } from './acknowledge.ts'
import { concurrencyQuota } from './concurrency-quota.ts'
import type { EventTables } from './event-tables.ts'
import type { LegacyHttp } from './legacy-http.ts'
import { NodeFunction } from './node-function.ts'
import { RunbookAlarm } from './runbook-alarm.ts'
import type { Settings } from './settings.ts'

export interface CallbackReceiverProps {
  readonly api: apigateway.HttpApi
  readonly queue: sqs.IQueue
  readonly tables: EventTables
  readonly alertTopic: sns.ITopic
  readonly legacyHttp: LegacyHttp | undefined
  readonly settings: Settings
}

/** The callback routes, the check code secret, and the function that verifies callbacks and enqueues them. */
export class CallbackReceiver extends Construct {
  readonly function: NodeFunction
  readonly checkCodeSecret: secretsmanager.Secret

  constructor(scope: Construct, id: string, props: CallbackReceiverProps) {
    super(scope, id)
    const { api, queue, tables, alertTopic, legacyHttp, settings } = props
    this.checkCodeSecret = this.createCheckCodeSecret()
    // The function reads the edge key only to find the source address, and the address matters only with allowedCidrs.
    const edgeKeySecret = settings.allowedCidrs.length > 0 ? legacyHttp?.edgeKeySecret : undefined
    this.function = this.createFunction(props, edgeKeySecret)
    this.addAlarms(alertTopic)
    this.function.allow(['sqs:SendMessage'], queue.queueArn)
    this.function.allow(['secretsmanager:GetSecretValue'], this.checkCodeSecret.secretArn)
    // The function faces the internet, so it may write nothing but samples and counts of refused callbacks.
    this.function.allowGroup('dynamodb:PutItem', tables.state.tableArn, samples.group)
    this.function.allowGroup('dynamodb:UpdateItem', tables.state.tableArn, refusalCounts.group)
    if (edgeKeySecret !== undefined) this.function.allow(['secretsmanager:GetSecretValue'], edgeKeySecret.secretArn)

    const alias = addLiveAlias(this.function, settings.provisionedConcurrency)
    const integration = new HttpLambdaIntegration('Callback', alias)
    for (const path of [paths.callbacks, `${paths.callbacks}/{proxy+}`]) {
      // The function itself refuses other methods, so that every refusal has the body of docs/contract.md, section 3.
      api.addRoutes({ path, methods: [HttpMethod.ANY], integration })
    }
  }

  private createCheckCodeSecret(): secretsmanager.Secret {
    const secret = new secretsmanager.Secret(this, 'CheckCode', {
      description: 'The check_code keys: {"current": "...", "previous": "..." or null}',
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ previous: null }),
        generateStringKey: 'current',
        // Operators type the key into the back office.
        excludePunctuation: true,
        passwordLength: 40,
      },
    })
    acknowledge(secret, {
      'AwsSolutions-SMG4':
        "The same key is entered in the platform's back office, where this stack cannot rotate it. Two keys are valid at the same time, so that operators can rotate it.",
    })
    return secret
  }

  private createFunction(
    { queue, tables, alertTopic, settings }: CallbackReceiverProps,
    edgeKeySecret: secretsmanager.Secret | undefined,
  ): NodeFunction {
    return new NodeFunction(this, 'ReceiveCallback', {
      service: 'receive-callback',
      description: 'Verifies callbacks of the platform and puts them on the event queue',
      // The function responds within 3 s; the rest allows for a cold start.
      timeout: Duration.seconds(6),
      memoryMb: 512,
      settings,
      ...(settings.receiveConcurrency > 0 && { reservedConcurrency: settings.receiveConcurrency }),
      // Lambda logs three lines for each invocation, which is more than the function's own log. WARN still reports
      // failures (docs/decisions/0007).
      systemLogLevel: SystemLogLevel.WARN,
      environment: {
        EVENT_QUEUE_URL: queue.queueUrl,
        STATE_TABLE: tables.state.tableName,
        RETENTION_DAYS: String(settings.retentionDays),
        CHECK_CODE_SECRET_ARN: this.checkCodeSecret.secretArn,
        URL_SUFFIX: Aws.URL_SUFFIX,
        ALLOW_UNSIGNED: String(settings.allowUnsigned),
        ALLOWED_CIDRS: settings.allowedCidrs.join(','),
        ...(edgeKeySecret && { EDGE_KEY_SECRET_ARN: edgeKeySecret.secretArn }),
      },
      alarms: {
        topic: alertTopic,
        errors: {
          threshold: 1,
          impact: {
            chinese: '接收回调的函数出错：这些事件已丢失，平台不会重发。',
            english:
              'The function that receives callbacks failed: those events are lost, and the platform does not resend them.',
          },
        },
        throttles: {
          threshold: 1,
          impact: {
            chinese: `回调被限流：请求过多，超过了 receiveConcurrency，或${concurrencyQuota.chinese}不足。这些事件已丢失，平台不会重发。`,
            english: `Callbacks were throttled: too many requests for receiveConcurrency, or ${concurrencyQuota.english} is used up. Those events are lost, and the platform does not resend them.`,
          },
        },
      },
    })
  }

  private addAlarms(topic: sns.ITopic): void {
    new RunbookAlarm(this, 'ReceiveLatency', {
      topic,
      metric: this.function.metricDuration({ period: Duration.minutes(1), statistic: 'p99' }),
      threshold: 1000,
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
      impact: {
        chinese: '回调响应过慢（p99 超过 1 秒），会拖慢平台的媒体服务。',
        english:
          "Responses to callbacks are slow (p99 above one second), which slows down the platform's media service.",
      },
    })
    const period = Duration.minutes(5)
    const refusals = (outcome: RefusalOutcome) => this.function.ownMetric(metricNames.callbacks, { outcome, period })
    new RunbookAlarm(this, 'RefusedSignatures', {
      topic,
      metric: new MathExpression({
        expression: 'FILL(missing, 0) + FILL(wrong, 0)',
        usingMetrics: { missing: refusals('check_code_missing'), wrong: refusals('check_code_wrong') },
        period,
      }),
      threshold: 5,
      impact: {
        chinese:
          '有回调因 check_code 缺失或错误而被拒绝：管理后台页面填写的北向接口校验密钥与 CheckCodeSecretArn 对应的 secret 不一致，或有人伪造回调。',
        english:
          'Callbacks were refused because their check_code is missing or wrong: the key on a back-office page differs from the one in the secret of output CheckCodeSecretArn, or the callbacks are forged.',
      },
    })
  }
}

/**
 * Adds the alias that the routes invoke. It exists even without warm instances: otherwise, switching them on or off would
 * change the target of the routes, and callbacks would be lost while the new target has no invoke permission.
 */
function addLiveAlias(receiver: NodeFunction, warmInstances: number): IFunction {
  // The CDK's declarations do not allow for exactOptionalPropertyTypes.
  return receiver.addAlias('live', {
    description: 'The version that takes callbacks',
    ...(warmInstances > 0 && { provisionedConcurrentExecutions: warmInstances }),
  }) as IFunction
}
