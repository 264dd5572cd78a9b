import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda'
import type { StackAccess } from '../context.ts'
import { type Finding, findingsOf } from '../finding.ts'
import type { Check } from '../run-checks.ts'
import type { StackFunction } from '../stack-facts.ts'

/** Executions that a storm of reconnecting people needs (docs/operations.md, The quota of concurrent executions). */
const minQuota = 100
/** The quota that AWS gives to most accounts. */
const usualQuota = 1000
const page = 'docs/operations.md#the-quota-of-concurrent-executions'

/** Whether Lambda may run enough functions at the same time, and none is stopped. */
export function accountCheck({ installation, facts }: StackAccess): Check {
  return {
    name: 'concurrency_quota',
    async run(abortSignal) {
      const client = new LambdaClient(installation.clients)
      const { AccountLimit } = await client.send(new GetAccountSettingsCommand(), { abortSignal })
      const quota = checkQuota(AccountLimit?.ConcurrentExecutions ?? 0)
      return [quota, ...checkFunctions(await facts.listFunctions())]
    },
  }
}

export function checkQuota(quota: number): Finding {
  const { ok, remark, problem } = findingsOf('concurrency_quota')
  const text = { en: `the account's quota is ${quota} concurrent executions`, zh: `账号的并发配额为 ${quota}` }
  const next = { en: 'Ask for 1,000; it costs nothing.', zh: '请申请提高到 1,000，不收费。' }
  if (quota < minQuota) return problem(text, { next, page })
  return quota < usualQuota ? remark(text, { next, page }) : ok(text)
}

export function checkFunctions(functions: readonly StackFunction[]): Finding[] {
  const { ok, problem } = findingsOf('reserved_concurrency')
  const stopped = functions.filter(({ reservedConcurrency }) => reservedConcurrency === 0)
  if (stopped.length > 0)
    return stopped.map(({ name }) =>
      problem(
        {
          en: `the function ${name} is stopped: its reserved concurrency is 0`,
          zh: `函数 ${name} 已停用：其预留并发为 0`,
        },
        {
          next: {
            en: `aws lambda delete-function-concurrency --function-name ${name}`,
            zh: `aws lambda delete-function-concurrency --function-name ${name}`,
          },
          page: 'docs/operations.md#restore',
        },
      ),
    )
  const receiver = functions.find(({ logicalId }) => logicalId.includes('ReceiveCallback'))
  const reserved = receiver?.reservedConcurrency
  return [
    reserved === undefined
      ? ok({
          en: 'callbacks share the quota with the other functions of the account',
          zh: '接收回调与账号中的其他函数共用并发配额',
        })
      : ok({ en: `${reserved} executions are reserved for callbacks`, zh: `已为接收回调预留 ${reserved} 个并发` }),
  ]
}
