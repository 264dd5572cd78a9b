import { Logger } from '@aws-lambda-powertools/logger'
import { lambdaClient } from '../../adapters/aws-json/lambda-client.ts'
import { documentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbRoomReader } from '../../adapters/dynamodb/room-reader.ts'
import { cachedSecret } from '../../adapters/secrets/cached-secret.ts'
import { environment } from '../environment.ts'
import { createHandler } from './handler.ts'

const tokenSecret = cachedSecret({
  client: lambdaClient('secretsmanager', environment('URL_SUFFIX')),
  secretArn: environment('API_TOKEN_SECRET_ARN'),
})

export const handler = createHandler({
  rooms: dynamodbRoomReader({
    client: documentClient(),
    eventLogTable: environment('EVENT_LOG_TABLE'),
    stateTable: environment('STATE_TABLE'),
  }),
  async token() {
    const secret = await tokenSecret.read()
    const token = typeof secret === 'object' && secret !== null && 'token' in secret ? secret.token : undefined
    return typeof token === 'string' ? token : ''
  },
  timeZone: environment('TIME_ZONE'),
  logger: new Logger({ serviceName: 'query-api' }),
})
