import { asError } from '../as-error.ts'
import { orAbort, withBudget } from '../deadline.ts'
import { HttpError } from '../http-error.ts'
import { countBudgetMs } from './budgets.ts'
import type { QueryApiDependencies } from './dependencies.ts'

/**
 * Creates a check that throws HttpError 429 for a query beyond the limit (docs/decisions/0047). A query that cannot be counted
 * passes.
 */
export function createRateCheck({ queryRate, now, logger }: QueryApiDependencies): () => Promise<void> {
  if (queryRate === undefined) return async () => undefined
  const { maxPerSecond, counter } = queryRate
  let usedUpSecond: number | undefined
  const count = (at: number) =>
    withBudget(countBudgetMs, 'no time was left to count the query', (signal) =>
      orAbort(counter.count(at, signal), signal),
    )
  return async () => {
    const at = now()
    const second = Math.floor(at / 1000)
    const queries =
      second === usedUpSecond
        ? Number.POSITIVE_INFINITY
        : await count(at).catch((error: unknown) => {
            logger.warn('query not counted', asError(error))
            return 0
          })
    if (queries <= maxPerSecond) return
    // Further queries of the second need no write.
    usedUpSecond = second
    throw new HttpError(429, `there are more than ${maxPerSecond} queries in this second; try again in the next one`)
  }
}
