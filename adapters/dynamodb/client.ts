import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import pRetry from 'p-retry'

type Send = DynamoDBDocumentClient['send']

/** The document client of all adapters: plain JavaScript values in and out. */
export function documentClient(client = new DynamoDBClient({})): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } })
}

const maxRetryMs = 15_000

/**
 * The client for large batches of writes: it keeps retrying requests that DynamoDB throttles, for up to 15 s or until
 * the request's `abortSignal` aborts.
 *
 * When thousands of users rejoin a room at once, its partition reaches DynamoDB's limit of 1,000 write units per second.
 * With the SDK's own retries, much of such a batch fails, and its messages return only after a delay (docs/scale.md).
 * The SDK's adaptive retry mode does not help: a client that is throttled in its first half second starts with one
 * request every two seconds, and during a storm most clients are new.
 */
export function retryingDocumentClient(config: DynamoDBClientConfig = {}): DynamoDBDocumentClient {
  const dynamodb = new DynamoDBClient(config)
  const client = documentClient(dynamodb)
  // A middleware could not do this, because middlewares do not see the signal.
  const send = (command: Parameters<Send>[0], options?: { readonly abortSignal?: AbortSignal }) =>
    retryWhileThrottled(() => client.send(command, options), options?.abortSignal)
  return Object.assign(documentClient(dynamodb), { send })
}

function retryWhileThrottled<Output>(request: () => Promise<Output>, signal: AbortSignal | undefined): Promise<Output> {
  return pRetry(request, {
    retries: Number.POSITIVE_INFINITY,
    maxRetryTime: maxRetryMs,
    minTimeout: 100,
    maxTimeout: 2000,
    factor: 1.5,
    randomize: true,
    signal,
    shouldRetry: ({ error }) => throttlingErrors.has(error.name),
  })
}

/** The errors of a throttled table, partition and account. */
const throttlingErrors: ReadonlySet<string> = new Set([
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
])

/** The client for requests that are not worth waiting for: one attempt, with 1 s to connect and 1 s to respond. */
export function failFastDocumentClient(): DynamoDBDocumentClient {
  const requestHandler = { connectionTimeout: 1000, requestTimeout: 1000, throwOnRequestTimeout: true }
  return documentClient(new DynamoDBClient({ maxAttempts: 1, requestHandler }))
}
