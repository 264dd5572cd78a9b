import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import pRetry from 'p-retry'

/** The document client of all adapters: plain JavaScript values in and out. */
export function documentClient(client = new DynamoDBClient({})): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } })
}

/** ms for one request. */
const patience = 15_000

/**
 * The client of whoever writes much at once: it waits where DynamoDB is throttled.
 *
 * A room in which thousands come back at once meets the limit of a partition (1,000 write units a second). With the SDK's
 * own attempts much of such a batch fails, and comes again only after the visibility timeout, six minutes later
 * (docs/scale.md). The SDK's adaptive mode would do, but a client that is throttled in its first half second begins with a
 * request in two seconds, and in a storm most are new.
 */
export function retryingDocumentClient(): DynamoDBDocumentClient {
  const client = documentClient()
  client.middlewareStack.add(
    (next) => (args) =>
      pRetry(() => next(args), {
        retries: Number.POSITIVE_INFINITY,
        maxRetryTime: patience,
        minTimeout: 100,
        maxTimeout: 2000,
        factor: 1.5,
        randomize: true,
        shouldRetry: ({ error }) => isThrottled(error),
      }),
    { step: 'initialize', priority: 'high', name: 'waitWhereThrottled' },
  )
  return client
}

/** As DynamoDB says it of a table, of a partition, and of an account. */
function isThrottled({ name }: Error): boolean {
  return ['ProvisionedThroughputExceededException', 'ThrottlingException', 'RequestLimitExceeded'].includes(name)
}

/** The client for what is not worth waiting for. */
export function failFastDocumentClient(): DynamoDBDocumentClient {
  const requestHandler = { connectionTimeout: 1000, requestTimeout: 1000, throwOnRequestTimeout: true }
  return documentClient(new DynamoDBClient({ maxAttempts: 1, requestHandler }))
}
