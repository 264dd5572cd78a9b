import { join } from 'node:path'
import { lambdaClient } from '../../adapters/aws-json/lambda-client.ts'
import { dynamodbCatalogReader } from '../../adapters/dynamodb/catalog-reader.ts'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbRoomReader } from '../../adapters/dynamodb/room-reader.ts'
import { dynamodbSessionReader } from '../../adapters/dynamodb/session-reader.ts'
import { healthReader } from '../../adapters/health-reader.ts'
import { cachedSecret } from '../../adapters/secrets/cached-secret.ts'
import { environment } from '../environment.ts'
import { createLogger } from '../observability.ts'
import { secretTimeoutMs } from './budgets.ts'
import { consoleFiles } from './console-files.ts'
import { createHandler } from './handler.ts'

const dynamodb = documentClient()
const eventLogTable = environment('EVENT_LOG_TABLE')
const stateTable = environment('STATE_TABLE')
const urlSuffix = environment('URL_SUFFIX')

const tokenSecret = cachedSecret({
  client: lambdaClient('secretsmanager', urlSuffix),
  secretArn: environment('API_TOKEN_SECRET_ARN'),
  requestTimeoutMs: secretTimeoutMs,
})

export const handler = createHandler({
  rooms: dynamodbRoomReader({ client: dynamodb, eventLogTable, stateTable }),
  sessions: dynamodbSessionReader({ client: dynamodb, eventLogTable, stateTable }),
  catalog: dynamodbCatalogReader(dynamodb, stateTable),
  health: healthReader({
    dynamodb,
    stateTable,
    sqs: lambdaClient('sqs', urlSuffix),
    eventQueueUrl: environment('EVENT_QUEUE_URL'),
    deadLetterQueueUrl: environment('DEAD_LETTER_QUEUE_URL'),
    now: Date.now,
  }),
  async token() {
    const secret = await tokenSecret.read()
    const token = typeof secret === 'object' && secret !== null && 'token' in secret ? secret.token : undefined
    return typeof token === 'string' ? token : ''
  },
  // The console is bundled into a folder next to the function's code.
  consoleFile: consoleFiles(join(environment('LAMBDA_TASK_ROOT'), 'console')),
  timeZone: environment('TIME_ZONE'),
  now: Date.now,
  logger: createLogger('query-api'),
})
