import { lambdaClient } from '../../adapters/aws-json/lambda-client.ts'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbRoomReader } from '../../adapters/dynamodb/room-reader.ts'
import { healthReader } from '../../adapters/health-reader.ts'
import { cachedSecret } from '../../adapters/secrets/cached-secret.ts'
import { environment } from '../environment.ts'
import { createLogger } from '../observability.ts'
import { createHandler } from './handler.ts'

const dynamodb = documentClient()
const stateTable = environment('STATE_TABLE')
const urlSuffix = environment('URL_SUFFIX')

const tokenSecret = cachedSecret({
  client: lambdaClient('secretsmanager', urlSuffix),
  secretArn: environment('API_TOKEN_SECRET_ARN'),
})

export const handler = createHandler({
  rooms: dynamodbRoomReader({ client: dynamodb, eventLogTable: environment('EVENT_LOG_TABLE'), stateTable }),
  health: healthReader({
    dynamodb,
    stateTable,
    sqs: lambdaClient('sqs', urlSuffix),
    deadLetterQueueUrl: environment('DEAD_LETTER_QUEUE_URL'),
    now: Date.now,
  }),
  async token() {
    const secret = await tokenSecret.read()
    const token = typeof secret === 'object' && secret !== null && 'token' in secret ? secret.token : undefined
    return typeof token === 'string' ? token : ''
  },
  timeZone: environment('TIME_ZONE'),
  logger: createLogger('query-api'),
})
