import { z } from 'zod'
import { decodeSecret, trim } from '../secrets/decode-secret.ts'
import { UnusableSecretError } from '../secrets/unusable-secret-error.ts'
import { isJmesPath } from './json-fields.ts'

const jmesPath = z.string().refine(isJmesPath, 'is not a JMESPath expression')
/** An empty text counts as absent. */
const optionalJmesPath = z.union([z.literal(''), jmesPath]).nullish()

/** What documents and templates write where a key belongs. */
const placeholder = /^<.*>$|^(?:\.{3,}|…+|\*+|x{3,})$|change[-_ ]?me|placeholder|^your[-_ ]|^todo$/i

const key = z
  .string({ error: ({ input }) => (input === undefined || input === null ? 'is missing' : 'is not a string') })
  .min(1, 'is missing')
  .refine((value) => !placeholder.test(value), 'is a placeholder')

const settingsSchema = z.object({
  base_url: z.url({ protocol: /^https?$/, error: 'is not an http or https address' }),
  access_key: key,
  secret_key: key,
  /** A private certificate authority to trust besides the public ones. */
  ca_pem: z.string('is not a string').nullish(),
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
  if (decoded.kind === 'list') throw new UnusableSecretError('the secret is a list')
  if (decoded.kind === 'text') throw new UnusableSecretError('the AVD secret is not a JSON object')
  const values = Object.entries(decoded.fields).map(([name, value]) => [name, trimValue(value)] as const)
  if (values.every(([, value]) => value === '' || value === null)) return undefined
  const { base_url, ...rest }: Record<string, unknown> = Object.fromEntries(values)
  const parsed = settingsSchema.safeParse({ ...rest, base_url: base_url || defaultBaseUrl })
  if (parsed.success) return parsed.data
  throw new UnusableSecretError(
    `the AVD secret is invalid: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')} ${message}`).join('; ')}`,
  )
}

/** The text `null` is no value. */
function trimValue(value: unknown): unknown {
  if (typeof value !== 'string') return value
  const text = trim(value)
  return text === 'null' ? null : text
}
