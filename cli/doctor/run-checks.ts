import { CliError } from '../cli-error.ts'
import { type Finding, findingsOf } from './finding.ts'
import { UnreachableError } from './http.ts'

export interface Check {
  /** In snake case. */
  readonly name: string
  /** Whether an address without a response is what the check is about. */
  readonly needsResponse?: true
  /** @param signal aborts when no time is left. */
  run(signal: AbortSignal): Promise<readonly Finding[]>
}

/** ms that each check gets. They run at the same time. */
const checkTimeoutMs = 45_000

export interface RunOptions {
  /** Stops all checks. */
  readonly signal: AbortSignal
  /** Called when a check has ended, with the number of those that have. */
  readonly onProgress?: (done: number) => void
  readonly timeoutMs?: number
}

/**
 * Makes all checks at the same time. One that fails is a finding of its own, and hides no other.
 *
 * @returns the findings in the order of the checks; those that were found so far if the signal aborts.
 */
export async function runChecks(checks: readonly Check[], options: RunOptions): Promise<Finding[]> {
  const { signal, onProgress, timeoutMs = checkTimeoutMs } = options
  let done = 0
  const results = checks.map(async (check) => {
    const findings = await runCheck(check, signal, timeoutMs)
    onProgress?.(++done)
    return findings
  })
  return (await Promise.all(results)).flat()
}

async function runCheck(check: Check, stop: AbortSignal, timeoutMs: number): Promise<readonly Finding[]> {
  const timeout = AbortSignal.timeout(timeoutMs)
  const signal = AbortSignal.any([stop, timeout])
  try {
    signal.throwIfAborted()
    return await Promise.race([check.run(signal), rejectOnAbort(signal)])
  } catch (error) {
    if (stop.aborted) return []
    return [timeout.aborted ? findTimeout(check.name, timeoutMs) : describeFailure(check, error)]
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

function describeFailure({ name, needsResponse }: Check, error: unknown): Finding {
  const { unknown, problem } = findingsOf(name)
  const message = error instanceof Error ? error.message || error.name : String(error)
  if (error instanceof UnreachableError && needsResponse)
    return problem(error.text, {
      next: {
        en: 'Check the address, the network of this machine, and that the stack is deployed.',
        zh: '请检查地址、本机网络，以及堆栈是否已部署。',
      },
      page: 'docs/cli.md#doctor',
    })
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
