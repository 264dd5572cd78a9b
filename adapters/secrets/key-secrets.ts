import type { ApiTokens, CheckCodeKeys } from '../../core/ports/secret-reader.ts'
import { parseKeySecret } from './key-secret.ts'

/**
 * Parses the check-code secret: `{"current":"…","previous":"…"|null}`, or the key itself.
 *
 * @returns undefined if no key is configured.
 * @throws UnusableSecretError
 */
export function parseCheckCodeSecret(secret: string): CheckCodeKeys | undefined {
  return parseKeySecret(secret, { current: 'current', previous: 'previous' })
}

/**
 * Parses the secret of the API token: `{"token":"…","previous":"…"|null}`, or the token itself.
 *
 * @returns undefined if no token is configured.
 * @throws UnusableSecretError
 */
export function parseApiTokenSecret(secret: string): ApiTokens | undefined {
  // A header has no place for white space within a token.
  return parseKeySecret(secret, { current: 'token', previous: 'previous', forbidden: /\s/ })
}

/**
 * Parses the secret of the distribution for plain HTTP: `{"key":"…"}`.
 *
 * @returns undefined if the secret is empty.
 * @throws UnusableSecretError
 */
export function parseEdgeKeySecret(secret: string): string | undefined {
  return parseKeySecret(secret, { current: 'key' })?.[0]
}
