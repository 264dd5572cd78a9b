import { ExplainedError } from '../../core/ports/explained-error.ts'

/** The secret was read, but it cannot be used. Its texts contain no part of the secret. */
export class UnusableSecretError extends ExplainedError {
  override name = 'UnusableSecretError'
}
