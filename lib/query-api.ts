import { Aws, Duration } from 'aws-cdk-lib'
import type * as apigateway from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager'
import type * as sqs from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import type { Settings } from './context.ts'
import type { EventTables } from './event-tables.ts'
import { NodeFunction } from './node-function.ts'

export interface QueryApiProps {
  readonly api: apigateway.HttpApi
  readonly tables: EventTables
  readonly deadLetters: sqs.IQueue
  readonly settings: Settings
}

/** What people and programs ask: rooms, who is in them, the log. Read only. */
export class QueryApi extends Construct {
  readonly function: NodeFunction
  readonly tokenSecret: secretsmanager.Secret

  constructor(scope: Construct, id: string, { api, tables, deadLetters, settings }: QueryApiProps) {
    super(scope, id)
    this.tokenSecret = new secretsmanager.Secret(this, 'ApiToken', {
      description: 'The bearer token of the query API: {"token": "..."}',
      generateSecretString: {
        secretStringTemplate: '{}',
        generateStringKey: 'token',
        excludePunctuation: true,
        passwordLength: 48,
      },
    })
    this.function = new NodeFunction(this, 'QueryApi', {
      folder: 'query-api',
      description: 'Answers GET /api/...',
      timeout: Duration.seconds(15),
      memorySize: 1024,
      environment: {
        EVENT_LOG_TABLE: tables.eventLog.tableName,
        STATE_TABLE: tables.state.tableName,
        API_TOKEN_SECRET_ARN: this.tokenSecret.secretArn,
        DEAD_LETTER_QUEUE_URL: deadLetters.queueUrl,
        URL_SUFFIX: Aws.URL_SUFFIX,
        TIME_ZONE: settings.timeZone,
      },
    })
    this.function.allow(['dynamodb:Query'], tables.timelineIndexArn)
    this.function.allow(['dynamodb:Query', 'dynamodb:BatchGetItem', 'dynamodb:GetItem'], tables.state.tableArn)
    this.function.allow(['dynamodb:Query'], tables.listingIndexArn)
    this.function.allow(['secretsmanager:GetSecretValue'], this.tokenSecret.secretArn)
    this.function.allow(['sqs:GetQueueAttributes'], deadLetters.queueArn)

    api.addRoutes({
      path: '/api/{proxy+}',
      methods: [HttpMethod.ANY],
      integration: new HttpLambdaIntegration('Query', this.function),
    })
  }
}
