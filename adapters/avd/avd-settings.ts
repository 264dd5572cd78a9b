import { z } from 'zod'
import type { Bilingual } from '../../core/notifications/alert-text.ts'
import { joinTexts } from '../../core/ports/explained-error.ts'
import { decodeSecret, trim } from '../secrets/decode-secret.ts'
import { UnusableSecretError } from '../secrets/unusable-secret-error.ts'
import { isJmesPath } from './json-fields.ts'

/** What may be wrong with a field, by the message of its issue. */
const problems = {
  'is missing': '未填写',
  'is not a string': '不是文本',
  'is a placeholder': '仍是占位文字',
  'is not an http or https address': '不是 http 或 https 地址',
  'is not a JMESPath expression': '不是 JMESPath 表达式',
} as const satisfies Readonly<Record<string, string>>

type Problem = keyof typeof problems

const jmesPath = z.string().refine(isJmesPath, 'is not a JMESPath expression' satisfies Problem)
/** An empty text counts as absent. */
const optionalJmesPath = z.union([z.literal(''), jmesPath]).nullish()

/** What documents and templates write where a key belongs. */
const placeholder = /^<.*>$|^(?:\.{3,}|…+|\*+|x{3,})$|change[-_ ]?me|placeholder|^your[-_ ]|^todo$/i

const key = z
  .string({
    error: ({ input }): Problem => (input === undefined || input === null ? 'is missing' : 'is not a string'),
  })
  .min(1, 'is missing' satisfies Problem)
  .refine((value) => !placeholder.test(value), 'is a placeholder' satisfies Problem)

const settingsSchema = z.object({
  base_url: z.url({ protocol: /^https?$/, error: 'is not an http or https address' satisfies Problem }),
  access_key: key,
  secret_key: key,
  /** A private certificate authority to trust besides the public ones. */
  ca_pem: z.string('is not a string' satisfies Problem).nullish(),
  /**
   * JMESPath expressions for lists whose field names are not recognised. `rooms` is relative to the response, `room_id`
   * and `users` to the room, `user_id` to the user. `total`, relative to the response, yields the number of rooms in all
   * pages; `success` yields true, or a field such as `code`, if the response is a success.
   */
  list_paths: z
    .object({
      rooms: jmesPath,
      room_id: jmesPath,
      users: optionalJmesPath,
      user_id: optionalJmesPath,
      total: optionalJmesPath,
      success: optionalJmesPath,
    })
    .nullish(),
})

export type AvdSettings = z.output<typeof settingsSchema>

export type ListPaths = NonNullable<AvdSettings['list_paths']>

/**
 * Parses the text of the AVD secret (docs/contract.md, section 2).
 *
 * @param defaultBaseUrl used if the secret has no `base_url`.
 * @returns undefined if the secret or all its fields are empty, as after a deployment: reconciliation is off.
 * @throws UnusableSecretError that names the invalid fields, without their values.
 */
export function parseAvdSecret(secret: string, defaultBaseUrl: string): AvdSettings | undefined {
  const decoded = decodeSecret(secret)
  if (decoded.kind === 'empty') return undefined
  if (decoded.kind === 'list')
    throw new UnusableSecretError({ english: 'the secret is a list', chinese: 'secret 的内容是列表' })
  if (decoded.kind === 'text')
    throw new UnusableSecretError({
      english: 'the AVD secret is not a JSON object',
      chinese: 'AVD 的 secret 不是 JSON 对象',
    })
  const values = Object.entries(decoded.fields).map(([name, value]) => [name, trimValue(value)] as const)
  if (values.every(([, value]) => value === '' || value === null)) return undefined
  const { base_url, ...rest }: Record<string, unknown> = Object.fromEntries(values)
  const parsed = settingsSchema.safeParse({ ...rest, base_url: base_url || defaultBaseUrl })
  if (parsed.success) return parsed.data
  const { english, chinese } = joinTexts(parsed.error.issues.map(describeIssue))
  throw new UnusableSecretError({
    english: `the AVD secret is invalid: ${english}`,
    chinese: `AVD 的 secret 无效：${chinese}`,
  })
}

function describeIssue({ path, message }: z.core.$ZodIssue): Bilingual {
  const field = path.join('.')
  const chinese = new Map<string, string>(Object.entries(problems)).get(message) ?? '格式不正确'
  return { english: `${field} ${message}`, chinese: `${field} ${chinese}` }
}

/** The text `null` is no value. */
function trimValue(value: unknown): unknown {
  if (typeof value !== 'string') return value
  const text = trim(value)
  return text === 'null' ? null : text
}
