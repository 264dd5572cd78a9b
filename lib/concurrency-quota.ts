/** Lambda's quota that all functions of an account and region share, as alarms name it. New accounts may have only 10. */
export const concurrencyQuota = {
  chinese: '账号的并发配额（Service Quotas：Lambda，Concurrent executions，L-B99A9384）',
  english: "the account's quota of concurrent executions (Service Quotas: Lambda, Concurrent executions, L-B99A9384)",
} as const
