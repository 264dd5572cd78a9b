import type { AwsUsage } from '@northbound/template-runner'

/**
 * The number of requests to these services in this usage.
 *
 * @param services as in the names of operations, such as `dynamodb`.
 */
export function countRequests({ requests }: AwsUsage, ...services: readonly string[]): number {
  const isCounted = (operation: string) => services.includes(operation.split(':', 1)[0] ?? '')
  return [...requests].reduce((sum, [operation, count]) => sum + (isCounted(operation) ? count : 0), 0)
}
