import { DynamoDBClient } from '@aws-sdk/client-dynamodb'
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'

/** The document client of all adapters: plain JavaScript values in and out. */
export function documentClient(client = new DynamoDBClient({})): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } })
}

/**
 * The client of whoever writes much at once.
 *
 * A room in which thousands come back at once meets the limit of a partition (1,000 write units a second). With the SDK's
 * usual three attempts a third of such a batch fails, and comes again only after the visibility timeout, six minutes
 * later. The adaptive mode slows down to what the table takes instead (docs/scale.md).
 */
export function patientDocumentClient(): DynamoDBDocumentClient {
  return documentClient(new DynamoDBClient({ retryMode: 'adaptive', maxAttempts: 12 }))
}
