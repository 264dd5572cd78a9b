import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DeadlineExceededError, orAbort, withBudget } from '../../../lambdas/deadline.ts'

const never = new Promise<never>(() => undefined)

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

describe('withBudget', () => {
  it('aborts the signal with DeadlineExceededError after the budget, and not earlier', async () => {
    let received: AbortSignal | undefined
    const result = withBudget(1000, 'out of time', (signal) => {
      received = signal
      return orAbort(never, signal)
    })
    const rejection = expect(result).rejects.toThrow(new DeadlineExceededError('out of time'))
    await vi.advanceTimersByTimeAsync(999)
    expect(received?.aborted).toBe(false)
    await vi.advanceTimersByTimeAsync(1)
    expect(received?.reason).toBeInstanceOf(DeadlineExceededError)
    await rejection
  })

  it('returns the result of work that finishes in time, and does not abort its signal later', async () => {
    let received: AbortSignal | undefined
    const result = await withBudget(1000, 'out of time', async (signal) => {
      received = signal
      return 'done'
    })
    await vi.advanceTimersByTimeAsync(10_000)
    expect(result).toBe('done')
    expect(received?.aborted).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('rejects with the error of the work, and clears its timer', async () => {
    const failure = new Error('failed')
    await expect(withBudget(1000, 'out of time', () => Promise.reject(failure))).rejects.toBe(failure)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('never aborts if the budget is infinite', async () => {
    let received: AbortSignal | undefined
    void withBudget(Number.POSITIVE_INFINITY, 'out of time', (signal) => {
      received = signal
      return never
    })
    await vi.advanceTimersByTimeAsync(3_600_000)
    expect(received?.aborted).toBe(false)
  })
})

describe('orAbort', () => {
  it('resolves with the value of the promise', async () => {
    await expect(orAbort(Promise.resolve('done'), new AbortController().signal)).resolves.toBe('done')
  })

  it('rejects with the reason when the signal aborts, even if the promise ignores the signal', async () => {
    const controller = new AbortController()
    const result = orAbort(never, controller.signal)
    controller.abort(new DeadlineExceededError('out of time'))
    await expect(result).rejects.toBeInstanceOf(DeadlineExceededError)
  })

  it('rejects at once if the signal has already aborted', async () => {
    const signal = AbortSignal.abort(new DeadlineExceededError('out of time'))
    await expect(orAbort(never, signal)).rejects.toBeInstanceOf(DeadlineExceededError)
    await expect(orAbort(Promise.resolve('done'), signal)).rejects.toBeInstanceOf(DeadlineExceededError)
  })
})
