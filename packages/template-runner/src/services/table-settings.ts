import type { AwsCall, AwsResponse } from '../endpoint/aws-call.ts'

/** Settings of a table that the engine does not keep. */
export interface TableSettings {
  /** Undefined if items do not expire. */
  readonly timeToLiveAttribute: string | undefined
  /** Declared only: nothing is backed up. */
  readonly isRecoverable: boolean
}

/** Answers calls that describe settings of a table. @returns undefined for any other call. */
export function describeTableSettings(
  { action, input }: Pick<AwsCall, 'action' | 'input'>,
  tables: ReadonlyMap<string, TableSettings>,
): AwsResponse | undefined {
  const settings = tables.get(String(input.TableName))
  if (settings === undefined) return undefined
  const { timeToLiveAttribute: AttributeName, isRecoverable } = settings
  if (action === 'DescribeTimeToLive') {
    const TimeToLiveStatus = AttributeName === undefined ? 'DISABLED' : 'ENABLED'
    return createResponse({ TimeToLiveDescription: { TimeToLiveStatus, AttributeName } })
  }
  if (action !== 'DescribeContinuousBackups') return undefined
  const PointInTimeRecoveryDescription = { PointInTimeRecoveryStatus: isRecoverable ? 'ENABLED' : 'DISABLED' }
  return createResponse({
    ContinuousBackupsDescription: { ContinuousBackupsStatus: 'ENABLED', PointInTimeRecoveryDescription },
  })
}

function createResponse(output: object): AwsResponse {
  return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: JSON.stringify(output) }
}
