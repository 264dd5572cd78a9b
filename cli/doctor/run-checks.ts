import { CliError } from '../cli-error.ts'
import { type Finding, findingsOf } from './finding.ts'

export interface Check {
  /** In snake case. */
  readonly name: string
  /** @param signal aborts when no time is left. */
  run(signal: AbortSignal): Promise<readonly Finding[]>
}

/** ms that each check gets. They run at the same time. */
export const checkTimeoutMs = 20_000

/** Makes all checks at the same time. One that fails is a finding of its own, and hides no other. */
export async function runChecks(
  checks: readonly Check[],
  signal: AbortSignal,
  timeoutMs = checkTimeoutMs,
): Promise<Finding[]> {
  const results = await Promise.all(checks.map((check) => runCheck(check, signal, timeoutMs)))
  return results.flat()
}

async function runCheck({ name, run }: Check, stop: AbortSignal, timeoutMs: number): Promise<readonly Finding[]> {
  const timeout = AbortSignal.timeout(timeoutMs)
  const signal = AbortSignal.any([stop, timeout])
  try {
    return await Promise.race([run(signal), rejectOnAbort(signal)])
  } catch (error) {
    if (stop.aborted) throw error
    return [timeout.aborted ? findTimeout(name, timeoutMs) : describeFailure(name, error)]
  }
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

function findTimeout(name: string, timeoutMs: number): Finding {
  return findingsOf(name).unknown({
    en: `not checked: no answer within ${timeoutMs / 1000} s`,
    zh: `未能检查：${timeoutMs / 1000} 秒内没有响应`,
  })
}

/** Names that AWS services give to a call that the caller's policies do not allow. */
const deniedErrors = /AccessDenied|AuthorizationError|UnauthorizedOperation|NotAuthorized/

function describeFailure(name: string, error: unknown): Finding {
  const { unknown } = findingsOf(name)
  const message = error instanceof Error ? error.message || error.name : String(error)
  if (error instanceof CliError)
    return unknown({ en: `not checked: ${error.text.en}`, zh: `未能检查：${error.text.zh}` })
  if (error instanceof Error && deniedErrors.test(error.name)) {
    const permission = /perform: ([\w-]+:\w+)/.exec(message)?.[1] ?? message
    return unknown(
      {
        en: `not checked: your credentials lack the permission ${permission}`,
        zh: `未能检查：当前凭证缺少权限 ${permission}`,
      },
      {
        next: { en: 'Use the policy for doctor.', zh: '请使用 doctor 所需的策略。' },
        page: 'docs/cli.md#doctor',
      },
    )
  }
  const [line = ''] = message.split('\n', 1)
  return unknown({ en: `not checked: ${line}`, zh: `未能检查：${line}` })
}
