import { describe, expect, it } from 'vitest'
import { correctBudgetMs, listBudgetMs, recordBudgetMs } from '../../../../lambdas/reconcile-rooms/budgets.ts'

const deadlineIn = (ms: number) => ({ remainingMs: () => ms })

describe('the budgets of a sweep', () => {
  it('keep 15 s after the room list and 2 s after the corrections', () => {
    expect(listBudgetMs(deadlineIn(55_000))).toBe(40_000)
    expect(correctBudgetMs(deadlineIn(15_000))).toBe(13_000)
    expect(recordBudgetMs(deadlineIn(2_000))).toBe(2_000)
  })

  it('leave every step at least a second', () => {
    expect(listBudgetMs(deadlineIn(10_000))).toBe(1_000)
    expect(correctBudgetMs(deadlineIn(500))).toBe(1_000)
    expect(recordBudgetMs(deadlineIn(0))).toBe(1_000)
  })
})
