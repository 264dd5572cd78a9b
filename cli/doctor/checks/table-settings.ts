import {
  type ContinuousBackupsDescription,
  DescribeContinuousBackupsCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  type TimeToLiveDescription,
} from '@aws-sdk/client-dynamodb'
import { expiresAt } from '../../../names/attributes.ts'
import type { StackAccess } from '../context.ts'
import { type Finding, findingsOf } from '../finding.ts'
import type { Check } from '../run-checks.ts'

const page = 'docs/operations.md#restore'

/** Whether the tables have time to live and point-in-time recovery, which a restored copy lacks (docs/contract.md, section 2). */
export function tableSettingsCheck({ installation }: StackAccess): Check {
  return {
    name: 'table_settings',
    async run(abortSignal) {
      const client = new DynamoDBClient(installation.clients)
      const check = async (output: string) => {
        const TableName = installation.output(output)
        const [{ TimeToLiveDescription }, { ContinuousBackupsDescription }] = await Promise.all([
          client.send(new DescribeTimeToLiveCommand({ TableName }), { abortSignal }),
          client.send(new DescribeContinuousBackupsCommand({ TableName }), { abortSignal }),
        ])
        return checkTableSettings(TableName, TimeToLiveDescription, ContinuousBackupsDescription)
      }
      return (await Promise.all([check('EventLogTableName'), check('StateTableName')])).flat()
    },
  }
}

export function checkTableSettings(
  name: string,
  timeToLive: TimeToLiveDescription | undefined,
  backups: ContinuousBackupsDescription | undefined,
): Finding[] {
  const { ok, remark, problem } = findingsOf('table_settings')
  const findings: Finding[] = []
  const isExpiring = timeToLive?.TimeToLiveStatus === 'ENABLED' || timeToLive?.TimeToLiveStatus === 'ENABLING'
  if (!isExpiring || timeToLive.AttributeName !== expiresAt)
    findings.push(
      problem(
        {
          en: `the table ${name} has no time to live on ${expiresAt}, so nothing is deleted after the retention`,
          zh: `表 ${name} 没有以 ${expiresAt} 启用 TTL，超过保留期的数据不会删除`,
        },
        { next: { en: 'Switch it on with update-time-to-live.', zh: '请用 update-time-to-live 启用。' }, page },
      ),
    )
  if (backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus !== 'ENABLED')
    findings.push(
      remark(
        {
          en: `the table ${name} has no point-in-time recovery, so it cannot be restored`,
          zh: `表 ${name} 没有启用时间点恢复，无法恢复数据`,
        },
        {
          next: { en: 'Switch it on with update-continuous-backups.', zh: '请用 update-continuous-backups 启用。' },
          page,
        },
      ),
    )
  if (findings.length > 0) return findings
  return [
    ok({
      en: `the table ${name} has time to live and point-in-time recovery`,
      zh: `表 ${name} 已启用 TTL 和时间点恢复`,
    }),
  ]
}
