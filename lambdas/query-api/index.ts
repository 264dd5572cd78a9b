import { join } from 'node:path'
import { lambdaClient } from '../../adapters/aws-json/lambda-client.ts'
import { dynamodbCallbackCountReader } from '../../adapters/dynamodb/callback-counter.ts'
import { dynamodbCatalogReader } from '../../adapters/dynamodb/catalog-reader.ts'
import { documentClient, failFastDocumentClient } from '../../adapters/dynamodb/client.ts'
import { dynamodbMeetingReader } from '../../adapters/dynamodb/meeting-reader.ts'
import { dynamodbOpenRoomsReader } from '../../adapters/dynamodb/open-rooms-reader.ts'
import { dynamodbPeopleReader } from '../../adapters/dynamodb/people-reader.ts'
import { dynamodbQueryCounter } from '../../adapters/dynamodb/query-counter.ts'
import { dynamodbRefusalCountReader } from '../../adapters/dynamodb/refusal-count-reader.ts'
import { dynamodbRefusedSampleReader } from '../../adapters/dynamodb/refused-sample-reader.ts'
import { dynamodbRoomReader } from '../../adapters/dynamodb/room-reader.ts'
import { dynamodbSessionReader } from '../../adapters/dynamodb/session-reader.ts'
import { dynamodbUsageReader } from '../../adapters/dynamodb/usage-store.ts'
import { healthReader } from '../../adapters/health-reader.ts'
import { parseApiTokenSecret } from '../../adapters/secrets/key-secrets.ts'
import { createSecretReader } from '../../adapters/secrets/secret-reader.ts'
import { environment, optionalEnvironment } from '../environment.ts'
import { createLogger } from '../observability.ts'
import { createSecretReport } from '../secret-report.ts'
import { consoleFiles } from './console-files.ts'
import { createHandler } from './handler.ts'

const dynamodb = documentClient()
const eventLogTable = environment('EVENT_LOG_TABLE')
const stateTable = environment('STATE_TABLE')
const urlSuffix = environment('URL_SUFFIX')

const maxPerSecond = Number(optionalEnvironment('QUERIES_PER_SECOND') ?? 0)

const logger = createLogger('query-api')

export const handler = createHandler({
  rooms: dynamodbRoomReader({ client: dynamodb, eventLogTable, stateTable }),
  sessions: dynamodbSessionReader({ client: dynamodb, eventLogTable, stateTable }),
  meetings: dynamodbMeetingReader({ client: dynamodb, eventLogTable, stateTable }),
  catalog: dynamodbCatalogReader(dynamodb, stateTable),
  callbackCounts: dynamodbCallbackCountReader(dynamodb, stateTable),
  refusalCounts: dynamodbRefusalCountReader(dynamodb, stateTable),
  usage: dynamodbUsageReader(dynamodb, stateTable),
  people: dynamodbPeopleReader(dynamodb, stateTable),
  openRooms: dynamodbOpenRoomsReader(dynamodb, stateTable),
  refused: dynamodbRefusedSampleReader(dynamodb, stateTable),
  health: healthReader({
    dynamodb,
    stateTable,
    sqs: lambdaClient('sqs', urlSuffix),
    eventQueueUrl: environment('EVENT_QUEUE_URL'),
    deadLetterQueueUrl: environment('DEAD_LETTER_QUEUE_URL'),
    now: Date.now,
  }),
  tokens: createSecretReader({
    client: lambdaClient('secretsmanager', urlSuffix),
    secretArn: environment('API_TOKEN_SECRET_ARN'),
    parse: parseApiTokenSecret,
    reportUnusable: createSecretReport('API token', logger),
  }),
  ...(maxPerSecond > 0 && {
    queryRate: { maxPerSecond, counter: dynamodbQueryCounter(failFastDocumentClient(), stateTable) },
  }),
  // The console is bundled into a folder next to the function's code.
  consoleFile: consoleFiles(join(environment('LAMBDA_TASK_ROOT'), 'console')),
  alertRules: { alertWindowMs: Number(environment('ALERT_WINDOW_MINUTES')) * 60_000 },
  timeZone: environment('TIME_ZONE'),
  now: Date.now,
  logger,
})
