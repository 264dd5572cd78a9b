/**
 * Which messages of a batch failed, by what the function returned.
 *
 * The rules are those of Lambda for `ReportBatchItemFailures`: nothing reported is a success of all; a report
 * that cannot be understood, down to an id that is not in the batch, is a failure of all.
 *
 * @param payload JSON.
 */
export function failedMessages(payload: string, messageIds: readonly string[]): readonly string[] {
  const response: unknown = JSON.parse(payload)
  if (response === null) return []
  if (typeof response !== 'object') return messageIds
  if (!('batchItemFailures' in response) || response.batchItemFailures === null) return []
  if (!Array.isArray(response.batchItemFailures)) return messageIds
  const failed = response.batchItemFailures.map((failure: unknown) =>
    typeof failure === 'object' && failure !== null && 'itemIdentifier' in failure ? failure.itemIdentifier : undefined,
  )
  const known = failed.filter((id) => typeof id === 'string').filter((id) => messageIds.includes(id))
  return known.length === failed.length ? known : messageIds
}
