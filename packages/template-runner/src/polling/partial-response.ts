/**
 * Returns the ids of the failed messages of a batch.
 *
 * Follows Lambda's rules for `ReportBatchItemFailures`: the batch succeeds if the response reports no failure, and
 * fails as a whole if the report is invalid, for example if it contains an id that is not in the batch.
 *
 * @param payload what the function returned, as JSON.
 */
export function readFailedMessageIds(payload: string, messageIds: readonly string[]): readonly string[] {
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
