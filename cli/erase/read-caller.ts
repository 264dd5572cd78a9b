import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb'
import { readCallerArn } from '../../adapters/sts/caller-identity.ts'

/** Who executes the command, for the audit line: the ARN of the caller, or the access key if STS cannot be reached. */
export async function readCaller(
  client: DynamoDBDocumentClient,
  isLocal: boolean,
  signal: AbortSignal,
): Promise<string> {
  if (isLocal) return 'local'
  const [{ accessKeyId, secretAccessKey, sessionToken }, region] = await Promise.all([
    client.config.credentials(),
    client.config.region(),
  ])
  const credentials = { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) }
  return readCallerArn({ region, credentials, signal }).catch((error: unknown) => {
    if (signal.aborted) throw error
    return `access key ${accessKeyId}`
  })
}
