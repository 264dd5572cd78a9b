/** The secret was read, but it cannot be used. Its message contains no part of the secret. */
export class UnusableSecretError extends Error {
  override name = 'UnusableSecretError'
}
