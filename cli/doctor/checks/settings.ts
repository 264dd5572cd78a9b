import type { StackAccess } from '../context.ts'
import { type Finding, findingsOf } from '../finding.ts'
import type { Check } from '../run-checks.ts'

/** Network logs have to be kept for at least six months in mainland China (Cybersecurity Law). */
const minRetentionDays = 180

/** How long events are kept, and whether the stack is that of this checkout. */
export function settingsCheck({ facts }: StackAccess): Check {
  return {
    name: 'retention',
    async run() {
      return [checkRetention(Number(await facts.readVariable('RETENTION_DAYS'))), updateRemark()]
    },
  }
}

export function checkRetention(days: number): Finding {
  const { ok, remark, unknown } = findingsOf('retention')
  if (Number.isNaN(days)) return unknown({ en: 'how long events are kept is not known', zh: '无法得知事件的保留时间' })
  const text = { en: `events are kept for ${days} days`, zh: `事件保留 ${days} 天` }
  if (days >= minRetentionDays) return ok(text)
  return remark(
    { en: `${text.en}, less than six months`, zh: `${text.zh}，少于六个月` },
    {
      next: {
        en: 'In mainland China, network logs must be kept for six months: set retentionDays to 180 or more.',
        zh: '在中国大陆，网络日志须留存不少于六个月：请将 retentionDays 设为 180 或以上。',
      },
      page: 'docs/personal-data.md#articles',
    },
  )
}

/** Only a synthesis shows it, which takes longer than all checks together and needs the settings file. */
function updateRemark(): Finding {
  return findingsOf('up_to_date').remark(
    { en: 'whether the stack is that of this checkout is not known', zh: '无法得知堆栈是否与本地代码一致' },
    {
      next: { en: 'npx cdk diff shows it.', zh: '用 npx cdk diff 查看。' },
      page: 'docs/upgrade.md#reading-the-difference',
    },
  )
}
