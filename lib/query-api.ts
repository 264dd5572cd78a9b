import { Aws, Duration } from 'aws-cdk-lib'
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager'
import type * as sns from 'aws-cdk-lib/aws-sns'
import type * as sqs from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import { acknowledge } from './acknowledge.ts'
import type { EventTables } from './event-tables.ts'
import { NodeFunction, projectRoot } from './node-function.ts'
import type { PublicApi } from './public-api.ts'
import type { Settings } from './settings.ts'

export interface QueryApiProps {
  readonly publicApi: PublicApi
  readonly tables: EventTables
  readonly queue: sqs.IQueue
  readonly deadLetters: sqs.IQueue
  readonly alertTopic: sns.ITopic
  readonly settings: Settings
}

/** What people and programs ask: rooms, who is in them, the log; and the page that shows it. Read only. */
export class QueryApi extends Construct {
  static readonly consolePath = '/console'

  readonly function: NodeFunction
  readonly tokenSecret: secretsmanager.Secret

  constructor(
    scope: Construct,
    id: string,
    { publicApi, tables, queue, deadLetters, alertTopic, settings }: QueryApiProps,
  ) {
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
    acknowledge(this.tokenSecret, {
      'AwsSolutions-SMG4':
        'Scripts and people hold the token: one that changes by itself locks them out. A new one in the secret counts within a minute.',
    })
    this.function = new NodeFunction(this, 'QueryApi', {
      folder: 'query-api',
      description: 'Answers GET /api/...',
      timeout: Duration.seconds(15),
      memorySize: 1024,
      afterBundling: bundleConsole,
      environment: {
        EVENT_LOG_TABLE: tables.eventLog.tableName,
        STATE_TABLE: tables.state.tableName,
        API_TOKEN_SECRET_ARN: this.tokenSecret.secretArn,
        EVENT_QUEUE_URL: queue.queueUrl,
        DEAD_LETTER_QUEUE_URL: deadLetters.queueUrl,
        URL_SUFFIX: Aws.URL_SUFFIX,
        TIME_ZONE: settings.timeZone,
      },
      alertTopic,
      errors: {
        threshold: 3,
        impact: {
          chinese: '查询接口反复出错: 控制台和程序看不到状态。回调的接收不受影响。',
          english:
            'The query API keeps failing: people and programs cannot see the state. Callbacks are received all the same.',
        },
      },
      throttles: {
        threshold: 10,
        impact: {
          chinese: '查询太多或账号的并发额度不足, 有查询被拒绝。',
          english: 'Queries are turned away: there are too many, or the concurrency of the account is used up.',
        },
      },
    })
    this.function.allow(['dynamodb:Query'], tables.timelineIndexArn)
    this.function.allow(['dynamodb:Query', 'dynamodb:BatchGetItem', 'dynamodb:GetItem'], tables.state.tableArn)
    this.function.allow(['dynamodb:Query'], tables.listingIndexArn, tables.visitsIndexArn)
    this.function.allow(['secretsmanager:GetSecretValue'], this.tokenSecret.secretArn)
    this.function.allow(['sqs:GetQueueAttributes'], queue.queueArn, deadLetters.queueArn)

    const integration = new HttpLambdaIntegration('Query', this.function)
    const routes = ['/api/{proxy+}', QueryApi.consolePath, `${QueryApi.consolePath}/{proxy+}`].flatMap((path) =>
      publicApi.api.addRoutes({ path, methods: [HttpMethod.ANY], integration }),
    )
    if (settings.queriesPerSecond > 0) publicApi.throttle(routes, settings.queriesPerSecond)
  }
}

/** The page, as the browser gets it: three files beside the function's own. */
function bundleConsole(bundle: string): string[] {
  const words = [process.execPath, `${projectRoot}scripts/bundle-console.ts`, `${bundle}/console`]
  return [words.map((word) => JSON.stringify(word)).join(' ')]
}
