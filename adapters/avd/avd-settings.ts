import { z } from 'zod'
import { isJmesPath } from './json-fields.ts'

const jmesPath = z.string().refine(isJmesPath, 'not a JMESPath expression')
/** An empty text counts as absent. */
const optionalJmesPath = z.union([z.literal(''), jmesPath]).nullish()

const settingsSchema = z.object({
  base_url: z.url({ protocol: /^https?$/, error: 'base_url is not an http or https address' }),
  access_key: z.string().min(1),
  secret_key: z.string().min(1),
  /** A private certificate authority to trust besides the public ones. */
  ca_pem: z.string().nullish(),
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
 * Parses the AVD secret (docs/contract.md, section 2).
 *
 * @param defaultBaseUrl used if the secret has no `base_url`.
 * @returns undefined if the secret is empty: reconciliation is off.
 * @throws Error that names the invalid fields, without their values.
 */
export function parseAvdSecret(secret: unknown, defaultBaseUrl: string): AvdSettings | undefined {
  const { base_url, ...rest } = (secret ?? {}) as { base_url?: string }
  if (Object.values(rest).every((value) => value === '' || value === null)) return undefined
  const parsed = settingsSchema.safeParse({ ...rest, base_url: base_url || defaultBaseUrl })
  if (parsed.success) return parsed.data
  throw new Error(
    `the AVD secret is invalid: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`,
  )
}
