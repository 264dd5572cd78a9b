import { describe, expect, it } from 'vitest'
import {
  applyBudgetMs,
  endBudgetMs,
  keyBudgetMs,
  publishBudgetMs,
  retryBudgetMs,
  settleBudgetMs,
} from '../../../../lambdas/apply-events/budgets.ts'

const deadlineIn = (ms: number) => ({ remainingMs: () => ms })

describe('applyBudgetMs', () => {
  it('returns 20 s while the invocation has enough time left', () => {
    expect(applyBudgetMs(deadlineIn(60_000))).toBe(20_000)
    expect(applyBudgetMs(deadlineIn(23_000))).toBe(20_000)
  })

  it('returns the remaining time without the 3 s for the report if less is left', () => {
    expect(applyBudgetMs(deadlineIn(22_999))).toBe(19_999)
    expect(applyBudgetMs(deadlineIn(3_001))).toBe(1)
    expect(applyBudgetMs(deadlineIn(3_000))).toBe(0)
  })
})

describe('publishBudgetMs', () => {
  it('returns all remaining time but the 3 s for the report', () => {
    expect(publishBudgetMs(deadlineIn(60_000))).toBe(57_000)
    expect(publishBudgetMs(deadlineIn(10_000))).toBe(7_000)
    expect(publishBudgetMs(deadlineIn(3_000))).toBe(0)
  })

  it('decreases as time passes', () => {
    let remainingMs = 60_000
    const deadline = { remainingMs: () => remainingMs }
    const before = publishBudgetMs(deadline)
    remainingMs -= 40_000
    expect(publishBudgetMs(deadline)).toBe(before - 40_000)
  })
})

describe('retryBudgetMs', () => {
  it('returns 2 s, or the remaining time without half a second for the response', () => {
    expect(retryBudgetMs(deadlineIn(60_000))).toBe(2000)
    expect(retryBudgetMs(deadlineIn(1200))).toBe(700)
  })
})

describe('keyBudgetMs', () => {
  it('returns 1 s, or the remaining time without the 3 s for the report', () => {
    expect(keyBudgetMs(deadlineIn(60_000))).toBe(1_000)
    expect(keyBudgetMs(deadlineIn(3_400))).toBe(400)
  })
})

describe('the budgets of a batch', () => {
  it('leave at least 10 s for publishing if every step before uses all of its own', () => {
    const deadline = deadlineIn(60_000)
    const usedMs = applyBudgetMs(deadline) + endBudgetMs(deadline) + settleBudgetMs(deadline)
    expect(publishBudgetMs(deadlineIn(60_000 - usedMs))).toBeGreaterThanOrEqual(10_000)
  })

  it('never exceed the remaining time', () => {
    for (const budgetMs of [endBudgetMs, settleBudgetMs]) expect(budgetMs(deadlineIn(3_050))).toBe(50)
  })
})
