import { expect, it } from 'vitest'
import { readBudgetMs } from '../../../../lambdas/query-api/budgets.ts'

it('readBudgetMs returns the remaining time without the 2 s for the response', () => {
  expect(readBudgetMs({ remainingMs: () => 15_000 })).toBe(13_000)
  expect(readBudgetMs({ remainingMs: () => 2_000 })).toBe(0)
})
