import type { EmulatedAws } from '@northbound/template-runner'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import type { BenchBundles } from '../bundles.ts'
import { type BenchFunction, lambdaEnvironment } from '../function.ts'
import { createHttpEvent } from '../http-request.ts'

const apiToken = 'bench'

/**
 * Creates what query-api reads.
 *
 * @param name makes the tables of a row its own.
 * @returns the environment variables of the function.
 */
export async function createQueryEnvironment(aws: EmulatedAws, { table }: Pick<BenchBundles, 'table'>, name: string) {
  const tables = { eventLog: `EventLog-${name}-${process.pid}`, state: `State-${name}-${process.pid}` }
  await aws.createTable(tables.eventLog, table('EventLog'))
  await aws.createTable(tables.state, table('State'))
  return {
    ...lambdaEnvironment('query-api', aws.endpointUrl),
    EVENT_LOG_TABLE: tables.eventLog,
    STATE_TABLE: tables.state,
    API_TOKEN_SECRET_ARN: aws.createSecret('api-token', JSON.stringify({ token: apiToken })),
    LAMBDA_TASK_ROOT: '/var/task',
    EVENT_QUEUE_URL: await aws.createQueue('events'),
    DEAD_LETTER_QUEUE_URL: await aws.createQueue('dead-letters'),
    TIME_ZONE: 'Asia/Shanghai',
    ALERT_WINDOW_MINUTES: '10',
  }
}

/**
 * Sends a GET request to query-api.
 *
 * @param resource path below `/api/`.
 * @throws Error unless the response is 200.
 */
export async function queryApi<Body>(
  queryFunction: BenchFunction,
  resource: string,
  rawQuery = '',
): Promise<{ readonly ms: number; readonly body: Body }> {
  const event = createHttpEvent({
    path: `/api/${resource}`,
    rawQuery,
    rawHeaders: ['authorization', `Bearer ${apiToken}`],
    routeKey: 'ANY /api/{proxy+}',
    pathParameters: { proxy: resource },
    now: Date.now(),
  })
  const { result, ms } = await queryFunction.invoke<APIGatewayProxyStructuredResultV2>(event)
  if (result.statusCode !== 200) throw new Error(`query-api responded ${result.statusCode} ${result.body}`)
  return { ms, body: JSON.parse(result.body ?? '') }
}
