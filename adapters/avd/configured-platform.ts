import { isDeepStrictEqual } from 'node:util'
import type { Platform } from '../../core/ports/platform.ts'
import type { SecretReader } from '../../core/ports/secret-reader.ts'
import type { AvdSettings } from './avd-settings.ts'
import { avdPlatform } from './platform.ts'

/**
 * Reads which platform is configured. The client, which holds a token, is reused until the secret changes.
 *
 * The secret is read for every sweep, so that an unusable new value is noticed at once. If Secrets Manager does not respond,
 * the settings of the last sweep still hold.
 *
 * @param secretBudgetMs ms for reading the secret.
 * @returns a function that resolves to undefined if no platform is configured, and rejects with an error without secrets if
 * the settings cannot be used.
 */
export function configuredPlatform(
  secret: Pick<SecretReader<AvdSettings>, 'refresh'>,
  secretBudgetMs: number,
  connect: (settings: AvdSettings) => Platform = avdPlatform,
): () => Promise<Platform | undefined> {
  let current: { readonly settings: AvdSettings; readonly platform: Platform } | undefined
  return async () => {
    const reading = await secret.refresh(Date.now() + secretBudgetMs)
    if (reading.outcome === 'unusable' || (reading.outcome === 'unreadable' && current === undefined))
      throw reading.error
    if (reading.outcome === 'unreadable') return current?.platform
    if (reading.outcome === 'not_configured') current = undefined
    else if (!isDeepStrictEqual(reading.value, current?.settings))
      current = { settings: reading.value, platform: connect(reading.value) }
    return current?.platform
  }
}
