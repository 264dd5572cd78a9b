import type { AwsUsage } from '@northbound/template-runner'

/** The number of DynamoDB requests in this usage. */
export function countDynamoDbRequests({ requests }: AwsUsage): number {
  return [...requests].reduce((sum, [operation, count]) => sum + (operation.startsWith('dynamodb:') ? count : 0), 0)
}
