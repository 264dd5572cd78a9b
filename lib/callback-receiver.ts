import { Aws, Duration } from 'aws-cdk-lib'
import type * as apigateway from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch'
import { type IFunction, SystemLogLevel } from 'aws-cdk-lib/aws-lambda'
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager'
import type * as sns from 'aws-cdk-lib/aws-sns'
import type * as sqs from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { acknowledge } from './acknowledge.ts'
import { Alarm } from './alarm.ts'
import type { LegacyHttp } from './legacy-http.ts'
import { NodeFunction } from './node-function.ts'
import type { Settings } from './settings.ts'

export interface CallbackReceiverProps {
  readonly api: apigateway.HttpApi
  readonly queue: sqs.IQueue
  readonly alertTopic: sns.ITopic
  readonly legacyHttp: LegacyHttp | undefined
  readonly settings: Settings
}

/** Where the platform calls: the public route, the key, and the function between them and the queue. */
export class CallbackReceiver extends Construct {
  static readonly path = '/room_event_history'

  readonly function: NodeFunction
  readonly checkCodeSecret: secretsmanager.Secret

  constructor(scope: Construct, id: string, props: CallbackReceiverProps) {
    super(scope, id)
    const { api, queue, alertTopic, legacyHttp, settings } = props
    this.checkCodeSecret = new secretsmanager.Secret(this, 'CheckCode', {
      description: 'The check_code keys: {"current": "...", "previous": "..." or null}',
      generateSecretString: {
        secretStringTemplate: JSON.stringify({ previous: null }),
        generateStringKey: 'current',
        // The key is typed into the back office by hand.
        excludePunctuation: true,
        passwordLength: 40,
      },
    })
    acknowledge(this.checkCodeSecret, {
      'AwsSolutions-SMG4':
        'The same key is typed into the back office of the platform: nothing here can rotate it there. For a rotation by hand, two keys are valid at once.',
    })
    this.function = new NodeFunction(this, 'ReceiveCallback', {
      folder: 'receive-callback',
      description: 'Checks a callback of the platform and puts it on the queue',
      // The answer comes within 3 s in all; the rest is for a cold start.
      timeout: Duration.seconds(6),
      memorySize: 512,
      // Lambda's three lines for every callback would be more than our own; of one that fails it still tells
      // (docs/decisions/0007).
      systemLogLevel: SystemLogLevel.WARN,
      environment: {
        EVENT_QUEUE_URL: queue.queueUrl,
        CHECK_CODE_SECRET_ARN: this.checkCodeSecret.secretArn,
        URL_SUFFIX: Aws.URL_SUFFIX,
        ALLOW_UNSIGNED: String(settings.allowUnsigned),
        ALLOWED_CIDRS: settings.allowedCidrs.join(','),
      },
      alertTopic,
      errors: {
        threshold: 1,
        impact: {
          chinese: '接收回调的函数出错: 相应的事件已经丢失, 平台不会重发。',
          english:
            'The function that receives callbacks failed: those events are lost, the platform does not repeat them.',
        },
      },
      throttles: {
        threshold: 1,
        impact: {
          chinese: '回调太多或账号的并发额度太小, 有回调被拒绝: 相应的事件已经丢失。',
          english:
            'Callbacks were turned away, for there are too many or the concurrency of the account is too small: those events are lost.',
        },
      },
    })
    this.addAlarms(alertTopic)
    this.function.allow(['sqs:SendMessage'], queue.queueArn)
    this.function.allow(['secretsmanager:GetSecretValue'], this.checkCodeSecret.secretArn)
    // Only where addresses are looked at, it matters which way a request came.
    if (legacyHttp !== undefined && settings.allowedCidrs.length > 0) {
      this.function.addEnvironment('EDGE_KEY_SECRET_ARN', legacyHttp.edgeKeySecret.secretArn)
      this.function.allow(['secretsmanager:GetSecretValue'], legacyHttp.edgeKeySecret.secretArn)
    }

    const integration = new HttpLambdaIntegration('Callback', live(this.function, settings.provisionedConcurrency))
    for (const path of [CallbackReceiver.path, `${CallbackReceiver.path}/{proxy+}`]) {
      // ANY: the function answers other methods itself, so that every refusal has the contract's body.
      api.addRoutes({ path, methods: [HttpMethod.ANY], integration })
    }
  }

  private addAlarms(topic: sns.ITopic): void {
    new Alarm(this, 'ReceiveLatency', {
      topic,
      metric: this.function.metricDuration({ period: Duration.minutes(1), statistic: 'p99' }),
      threshold: 1000,
      evaluationPeriods: 5,
      datapointsToAlarm: 3,
      impact: {
        chinese: '应答回调太慢 (p99 超过 1 秒): 会拖慢平台的媒体服务。',
        english: 'Callbacks are answered slowly (p99 above a second): that stalls the media service of the platform.',
      },
    })
    const period = Duration.minutes(5)
    const refused = (outcome: string) => this.function.ownMetric('Callbacks', { outcome, period })
    new Alarm(this, 'RefusedSignatures', {
      topic,
      metric: new MathExpression({
        expression: 'FILL(missing, 0) + FILL(wrong, 0)',
        usingMetrics: { missing: refused('check_code_missing'), wrong: refused('check_code_wrong') },
        period,
      }),
      threshold: 5,
      impact: {
        chinese: '回调的 check_code 缺失或不正确, 已被拒绝: 平台与本系统的密钥不一致, 或有人在伪造回调。',
        english:
          'Callbacks are refused because their check_code is missing or wrong: the keys differ, or somebody forges callbacks.',
      },
    })
  }
}

/**
 * An alias of the function, with or without instances that are kept warm: always one, for were it made only with them, the
 * routes would move between two targets, and be without a permission for a moment that costs callbacks.
 */
function live(receiver: NodeFunction, warmInstances: number): IFunction {
  // The library's types leave "undefined" out of what may be absent.
  return receiver.addAlias('live', {
    description: 'The version that takes callbacks',
    ...(warmInstances > 0 && { provisionedConcurrentExecutions: warmInstances }),
  }) as IFunction
}
