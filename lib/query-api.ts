import { Aws, Duration, RemovalPolicy } from 'aws-cdk-lib'
import { HttpMethod, type HttpRoute } from 'aws-cdk-lib/aws-apigatewayv2'
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations'
import * as secretsmanager from 'aws-cdk-lib/aws-secretsmanager'
import type * as sns from 'aws-cdk-lib/aws-sns'
import type * as sqs from 'aws-cdk-lib/aws-sqs'
import { Construct } from 'constructs'
import * as paths from '../names/paths.ts'
import * as queryCounts from '../names/query-counts.ts'
import { acknowledge } from './acknowledge.ts'
import { concurrencyQuota } from './concurrency-quota.ts'
import type { EventTables } from './event-tables.ts'
import { NodeFunction, projectRoot } from './node-function.ts'
import type { PublicApi } from './public-api.ts'
import type { Settings } from './settings.ts'

/** Queries a second that API Gateway lets pass: so many times the limit, and within these bounds. The quota of some regions is 2,500. */
const gatewayFactor = 10
const minGatewayRate = 100
const maxGatewayRate = 2500

export interface QueryApiProps {
  readonly publicApi: PublicApi
  readonly tables: EventTables
  readonly queue: sqs.IQueue
  readonly deadLetters: sqs.IQueue
  readonly alertTopic: sns.ITopic
  readonly settings: Settings
}

/** The read-only query API and the console: their routes, the API token, and the function behind them. */
export class QueryApi extends Construct {
  readonly function: NodeFunction
  readonly tokenSecret: secretsmanager.Secret

  constructor(scope: Construct, id: string, props: QueryApiProps) {
    super(scope, id)
    const { publicApi, tables, queue, deadLetters, settings } = props
    this.tokenSecret = this.createTokenSecret()
    this.function = this.createFunction(props)
    this.function.allow(['dynamodb:Query'], tables.eventLog.tableArn, tables.timelineIndexArn)
    this.function.allow(['dynamodb:Query', 'dynamodb:BatchGetItem'], tables.state.tableArn)
    this.function.allow(['dynamodb:Query'], tables.listingIndexArn, tables.userSessionsIndexArn)
    this.function.allow(['secretsmanager:GetSecretValue'], this.tokenSecret.secretArn)
    this.function.allow(['sqs:GetQueueAttributes'], queue.queueArn, deadLetters.queueArn)

    const integration = new HttpLambdaIntegration('Query', this.function)
    const routes = [`${paths.api}/{proxy+}`, paths.console, `${paths.console}/{proxy+}`].flatMap((path) =>
      publicApi.api.addRoutes({ path, methods: [HttpMethod.ANY], integration }),
    )
    if (settings.queriesPerSecond > 0) this.limitQueries(props, routes)
  }

  /** The function counts the queries. API Gateway protects it, and refuses what is far beyond the limit. */
  private limitQueries({ publicApi, tables, settings }: QueryApiProps, routes: readonly HttpRoute[]): void {
    const { queriesPerSecond } = settings
    this.function.addEnvironment('QUERIES_PER_SECOND', String(queriesPerSecond))
    this.function.allowGroup('dynamodb:UpdateItem', tables.state.tableArn, queryCounts.group)
    publicApi.throttle(routes, Math.min(Math.max(gatewayFactor * queriesPerSecond, minGatewayRate), maxGatewayRate))
  }

  private createTokenSecret(): secretsmanager.Secret {
    const secret = new secretsmanager.Secret(this, 'ApiToken', {
      description: 'The bearer tokens of the query API: {"token": "...", "previous": "..." or null}',
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
      generateSecretString: {
        secretStringTemplate: '{}',
        generateStringKey: 'token',
        excludePunctuation: true,
        passwordLength: 48,
      },
    })
    acknowledge(secret, {
      'AwsSolutions-SMG4':
        'Scripts and users hold the token: automatic rotation would lock them out. Two tokens are valid at the same time, so that operators can rotate it.',
    })
    return secret
  }

  private createFunction({ tables, queue, deadLetters, alertTopic, settings }: QueryApiProps): NodeFunction {
    return new NodeFunction(this, 'QueryApi', {
      service: 'query-api',
      description: 'Serves GET /api/... and the console',
      timeout: Duration.seconds(15),
      memoryMb: 1024,
      settings,
      afterBundling: bundleConsole,
      environment: {
        EVENT_LOG_TABLE: tables.eventLog.tableName,
        STATE_TABLE: tables.state.tableName,
        API_TOKEN_SECRET_ARN: this.tokenSecret.secretArn,
        EVENT_QUEUE_URL: queue.queueUrl,
        DEAD_LETTER_QUEUE_URL: deadLetters.queueUrl,
        URL_SUFFIX: Aws.URL_SUFFIX,
        TIME_ZONE: settings.timeZone,
        ALERT_WINDOW_MINUTES: String(settings.alertWindowMinutes),
      },
      alarms: {
        topic: alertTopic,
        errors: {
          threshold: 3,
          impact: {
            chinese: '查询接口反复出错：控制台和其他程序无法查询状态。回调接收不受影响。',
            english:
              'The query API keeps failing: the console and other programs cannot query the state. Callbacks are still received.',
          },
        },
        throttles: {
          threshold: 10,
          impact: {
            chinese: `查询被限流：请求过多，或${concurrencyQuota.chinese}不足。`,
            english: `Queries were throttled: too many requests, or ${concurrencyQuota.english} is used up.`,
          },
        },
      },
    })
  }
}

/** Adds the console's files to the bundle. */
function bundleConsole(bundle: string): string[] {
  const command = [process.execPath, `${projectRoot}scripts/bundle-console.ts`, `${bundle}/console`]
  return [command.map((word) => JSON.stringify(word)).join(' ')]
}
