import { parseAvdSecret } from '../../../adapters/avd/avd-settings.ts'
import { parseChatSecret } from '../../../adapters/secrets/chat-secret.ts'
import { parseApiTokenSecret, parseCheckCodeSecret } from '../../../adapters/secrets/key-secrets.ts'
import { UnusableSecretError } from '../../../adapters/secrets/unusable-secret-error.ts'
import { joinTexts } from '../../../core/ports/explained-error.ts'
import type { StackAccess } from '../context.ts'
import { type Finding, findingsOf } from '../finding.ts'
import type { Check } from '../run-checks.ts'

/** A secret of the stack. `parse` throws UnusableSecretError, which contains no part of the secret. */
interface StackSecret {
  readonly name: string
  readonly output: string
  readonly parse: (text: string, stack: StackAccess) => Promise<unknown>
  /** Whether the installation works without it. */
  readonly isOptional: boolean
}

const secrets: readonly StackSecret[] = [
  {
    name: 'check_code',
    output: 'CheckCodeSecretArn',
    parse: async (text) => parseCheckCodeSecret(text),
    isOptional: false,
  },
  {
    name: 'api_token',
    output: 'ApiTokenSecretArn',
    parse: async (text) => parseApiTokenSecret(text),
    isOptional: false,
  },
  {
    name: 'avd',
    output: 'AvdSecretArn',
    parse: async (text, { facts }) => parseAvdSecret(text, (await facts.readVariable('AVD_BASE_URL')) ?? ''),
    isOptional: true,
  },
  { name: 'chat', output: 'ChatSecretArn', parse: parseChat, isOptional: true },
]

const page = 'docs/runbook.md#secret-unusable'

/** Whether the functions can use the secrets as they are now. One check for each, so that one that fails hides no other. */
export function secretChecks(stack: StackAccess): Check[] {
  const existing = secrets.filter(({ output }) => stack.installation.hasOutput(output))
  return existing.map((secret) => ({
    name: `secret_${secret.name}`,
    run: async (signal) => [await checkSecret(stack, secret, signal)],
  }))
}

async function checkSecret(stack: StackAccess, secret: StackSecret, signal: AbortSignal): Promise<Finding> {
  const { name, output, parse, isOptional } = secret
  const { ok, problem, remark } = findingsOf(`secret_${name}`)
  const text = await stack.readSecret(stack.installation.output(output), signal)
  try {
    const value = await parse(text, stack)
    if (value !== undefined)
      return ok({ en: `the secret ${output} can be used`, zh: `${output} 对应的 secret 可以使用` })
    const empty = { en: `the secret ${output} is empty`, zh: `${output} 对应的 secret 为空` }
    const next = { en: 'Fill it in, or leave it if it is not needed.', zh: '请填写；若不需要可保持为空。' }
    const help = 'docs/configuration.md#secrets'
    const isTrial = isOptional || stack.isLocal
    return isTrial ? remark(empty, { next, page: help }) : problem(empty, { next, page: help })
  } catch (error) {
    if (!(error instanceof UnusableSecretError)) throw error
    return problem(
      {
        en: `the secret ${output} cannot be used: ${error.text.english}`,
        zh: `${output} 对应的 secret 无法使用：${error.text.chinese}`,
      },
      {
        next: { en: 'Save it again in the form that the documentation shows.', zh: '请按文档中的格式重新保存。' },
        page,
      },
    )
  }
}

/** @throws UnusableSecretError also if only a part of it can be used. */
async function parseChat(text: string, { facts }: StackAccess): Promise<unknown> {
  const hosts = (await facts.readVariable('CHAT_HOSTS')) ?? ''
  const chat = parseChatSecret(text, hosts.split(',').filter(Boolean))
  if (chat !== undefined && chat.problems.length > 0) throw new UnusableSecretError(joinTexts(chat.problems))
  return chat
}
