import type { RefusalOutcome } from '../../names/outcomes.ts'
import { HttpError } from '../http-error.ts'

/** A callback that is refused. `outcome` is the cause that is counted. */
export class CallbackError extends HttpError {
  override name = 'CallbackError'
  readonly outcome: RefusalOutcome

  constructor(status: number, outcome: RefusalOutcome, message: string) {
    super(status, message)
    this.outcome = outcome
  }
}
