import { accountCheck } from './checks/account.ts'
import { alarmsCheck } from './checks/alarms.ts'
import { clockCheck } from './checks/clock.ts'
import { healthCheck } from './checks/health.ts'
import { probeCheck } from './checks/probe.ts'
import { secretChecks } from './checks/secrets.ts'
import { sendersCheck } from './checks/senders.ts'
import { settingsCheck } from './checks/settings.ts'
import { subscriptionsCheck } from './checks/subscriptions.ts'
import { tableSettingsCheck } from './checks/table-settings.ts'
import { foldVersionCheck, tablesCheck } from './checks/tables.ts'
import type { DoctorContext } from './context.ts'
import { type Finding, findingsOf } from './finding.ts'
import type { Check } from './run-checks.ts'

/** The checks that need the stack. */
const stackCheckNames = [
  'concurrency_quota',
  'reserved_concurrency',
  'secrets',
  'subscriptions',
  'alarms',
  'tables',
  'table_settings',
  'fold_version',
  'retention',
  'platform_clock',
]

/** Lists what can be checked with what is known, in the order of the report, and what is left out. */
export function listChecks(context: DoctorContext): { readonly checks: Check[]; readonly leftOut: Finding[] } {
  const { stack } = context
  const byApi = [probeCheck(context), healthCheck(context), sendersCheck(context), clockCheck(context)]
  if (stack === undefined) {
    const reason = {
      en: 'needs --stack or --aws-endpoint-url and AWS credentials',
      zh: '需要 --stack 或 --aws-endpoint-url 以及 AWS 凭证',
    }
    return { checks: byApi, leftOut: stackCheckNames.map((check) => findingsOf(check).leftOut(reason)) }
  }
  const byStack = [
    ...secretChecks(stack),
    accountCheck(stack),
    subscriptionsCheck(stack),
    alarmsCheck(stack),
    tablesCheck(stack),
    tableSettingsCheck(stack),
    foldVersionCheck(stack),
    settingsCheck(stack),
  ]
  return { checks: [...byApi, ...byStack], leftOut: [] }
}
