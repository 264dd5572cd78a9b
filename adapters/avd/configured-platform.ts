import { isDeepStrictEqual } from 'node:util'
import type { Platform } from '../../core/ports/platform.ts'
import { type SecretReader, UnusableSecretError } from '../secrets/cached-secret.ts'
import { type AvdSettings, parseAvdSecret } from './avd-settings.ts'
import { avdPlatform } from './platform.ts'

/**
 * Reads which platform is configured. The client, which holds a token, is reused until the secret changes.
 *
 * The secret is read for every sweep, so that an unusable new value is noticed at once. If Secrets Manager does not respond,
 * the settings of the last sweep still hold.
 *
 * @param defaultBaseUrl used if the secret has no `base_url`.
 * @returns a function that resolves to undefined if no platform is configured, and rejects with an error without secrets if
 * the settings cannot be used.
 */
export function configuredPlatform(
  secret: Pick<SecretReader, 'refresh'>,
  defaultBaseUrl: string,
  connect: (settings: AvdSettings) => Platform = avdPlatform,
): () => Promise<Platform | undefined> {
  let current: { readonly settings: AvdSettings; readonly platform: Platform } | undefined
  return async () => {
    let value: unknown
    try {
      value = await secret.refresh()
    } catch (error) {
      if (error instanceof UnusableSecretError || current === undefined) throw error
      return current.platform
    }
    const settings = parseAvdSecret(value, defaultBaseUrl)
    if (settings === undefined) current = undefined
    else if (!isDeepStrictEqual(settings, current?.settings)) current = { settings, platform: connect(settings) }
    return current?.platform
  }
}
