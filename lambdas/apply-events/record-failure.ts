import { asError } from '../as-error.ts'
import type { ApplyEventsDependencies } from './dependencies.ts'

/**
 * Remembers that messages failed, so that dead letters are not put back meanwhile (docs/decisions/0040).
 *
 * Never throws: while nothing can be stored, nothing is applied either, and that says the same.
 */
export async function recordFailure({ failures, now, logger }: ApplyEventsDependencies, failed: number): Promise<void> {
  if (failed === 0) return
  await failures.record(now()).catch((error: unknown) => logger.warn('failure not recorded', asError(error)))
}
