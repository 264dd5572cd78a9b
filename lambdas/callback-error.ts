import type { RefusalOutcome } from '../names/outcomes.ts'
import { HttpError } from './http-error.ts'

/** A callback that is refused. `outcome` is the cause that is counted. */
export class CallbackError extends HttpError {
  override name = 'CallbackError'
  readonly outcome: RefusalOutcome

  constructor(status: number, outcome: RefusalOutcome, message: string) {
    super(status, message)
    this.outcome = outcome
  }
}

/** A key that decides about a callback could not be read: Secrets Manager did not respond, or the secret is unusable. */
export class KeyUnreadableError extends CallbackError {
  override name = 'KeyUnreadableError'

  constructor(cause: Error) {
    super(503, 'failed', 'the key could not be read; the event was not stored')
    this.cause = cause
  }
}
