import { Aws, Duration } from 'aws-cdk-lib'
import type * as apigateway from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager'
import type * as sqs from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { Settings } from './context.ts'
import { NodeFunction } from './node-function.ts'

export interface CallbackReceiverProps {
  readonly api: apigateway.HttpApi
  readonly queue: sqs.IQueue
  readonly settings: Settings
}

/** Where the platform calls: the public route, the key, and the function between them and the queue. */
export class CallbackReceiver extends Construct {
  static readonly path = '/room_event_history'

  readonly function: NodeFunction
  readonly checkCodeSecret: secretsmanager.Secret

  constructor(scope: Construct, id: string, { api, queue, settings }: CallbackReceiverProps) {
    super(scope, id)
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
    this.function = new NodeFunction(this, 'ReceiveCallback', {
      folder: 'receive-callback',
      description: 'Checks a callback of the platform and puts it on the queue',
      // The answer comes within 3 s in all; the rest is for a cold start.
      timeout: Duration.seconds(6),
      memorySize: 512,
      environment: {
        EVENT_QUEUE_URL: queue.queueUrl,
        CHECK_CODE_SECRET_ARN: this.checkCodeSecret.secretArn,
        URL_SUFFIX: Aws.URL_SUFFIX,
        ALLOW_UNSIGNED: String(settings.allowUnsigned),
        ALLOWED_CIDRS: settings.allowedCidrs.join(','),
      },
    })
    this.function.allow(['sqs:SendMessage'], queue.queueArn)
    this.function.allow(['secretsmanager:GetSecretValue'], this.checkCodeSecret.secretArn)

    const integration = new HttpLambdaIntegration('Callback', this.function)
    for (const path of [CallbackReceiver.path, `${CallbackReceiver.path}/{proxy+}`]) {
      // ANY: the function answers other methods itself, so that every refusal has the contract's body.
      api.addRoutes({ path, methods: [HttpMethod.ANY], integration })
    }
  }
}
