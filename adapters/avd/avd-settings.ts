import { z } from 'zod'

const address = z.url({ protocol: /^https?$/, error: 'base_url is not an http or https address' })

const settingsSchema = z.object({
  base_url: address,
  access_key: z.string().min(1),
  secret_key: z.string().min(1),
  ca_pem: z.string().nullish(),
  list_paths: z
    .object({
      rooms: z.string(),
      room_id: z.string(),
      users: z.string().optional(),
      user_id: z.string().optional(),
    })
    .nullish(),
})

export type AvdSettings = z.output<typeof settingsSchema>

/**
 * Reads the AVD secret (contract, section 2).
 *
 * @param baseUrl of the context, for a secret that names none.
 * @returns undefined for an empty secret: nothing to reconcile with.
 * @throws Error naming the wrong fields, without their values.
 */
export function readAvdSettings(secret: unknown, baseUrl: string): AvdSettings | undefined {
  const { base_url = baseUrl, ...rest } = (secret ?? {}) as { base_url?: string }
  if (Object.values(rest).every((value) => value === '' || value === null)) return undefined
  const parsed = settingsSchema.safeParse({ ...rest, base_url: base_url || baseUrl })
  if (parsed.success) return parsed.data
  throw new Error(
    `the AVD secret: ${parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')}`,
  )
}
