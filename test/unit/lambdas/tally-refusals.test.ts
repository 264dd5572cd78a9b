import { describe, expect, it, vi } from 'vitest'
import type { RefusalCounts } from '../../../core/ports/refusal-counter.ts'
import { CallbackError } from '../../../lambdas/callback-error.ts'
import { createRefusalTally } from '../../../lambdas/tally-refusals.ts'

const minuteMs = 60_000
const noon = Date.UTC(2024, 10, 24, 12)
const wrong = new CallbackError(401, 'check_code_wrong', 'check_code is wrong')
const missing = new CallbackError(400, 'identity_missing', 'room_id is missing')

function createTally(add: () => Promise<void> = async () => {}) {
  const saved: [at: number, counts: RefusalCounts][] = []
  const reported: string[] = []
  const tally = createRefusalTally({
    counter: {
      async add(counts, at) {
        await add()
        saved.push([at - noon, counts])
      },
    },
    maxSaveMs: 300,
    reportError: (message) => void reported.push(message),
  })
  const sumOf = (outcome: string) => saved.reduce((sum, [, counts]) => sum + (counts[outcome] ?? 0), 0)
  return { tally, saved, reported, sumOf }
}

describe('the tally of refused callbacks', () => {
  it('saves a refusal at once', async () => {
    const { tally, saved } = createTally()
    await tally([wrong], noon + 1)
    expect(saved).toEqual([[0, { check_code_wrong: 1 }]])
  })

  it('saves the refusals of a batch with one write, by outcome', async () => {
    const { tally, saved } = createTally()
    await tally([wrong, missing, wrong], noon)
    expect(saved).toEqual([[0, { check_code_wrong: 2, identity_missing: 1 }]])
  })

  it('makes few writes in a flood, and misses at most the refusals of the last twenty seconds', async () => {
    const { tally, saved, sumOf } = createTally()
    const refusals = 60_000
    for (let index = 0; index < refusals; index++) await tally([wrong], noon + index)
    expect(saved.length).toBeLessThanOrEqual(12)
    expect(sumOf('check_code_wrong')).toBeGreaterThan(refusals - 20_000)
    await tally([missing], noon + refusals + 20_000)
    expect(sumOf('check_code_wrong')).toBe(refusals)
  })

  it('counts a refusal in its own minute, also if it is saved hours later', async () => {
    const { tally, saved } = createTally()
    for (let index = 0; index < 6; index++) await tally([wrong], noon)
    await tally([missing], noon + 180 * minuteMs)
    expect(saved.slice(4)).toEqual([
      [0, { check_code_wrong: 2 }],
      [180 * minuteMs, { identity_missing: 1 }],
    ])
  })

  it('does not count callbacks that got 503, or probes', async () => {
    const { tally, saved } = createTally()
    await tally([new CallbackError(503, 'queue_unavailable', 'later')], noon)
    await tally([new CallbackError(401, 'probe_refused', 'check_code is wrong')], noon)
    expect(saved).toEqual([])
  })

  it('reports a failed write, and does not repeat counts that may have been written', async () => {
    let isBroken = true
    const { tally, saved, reported } = createTally(async () => {
      if (isBroken) throw new Error('throttled')
    })
    await tally([wrong], noon)
    isBroken = false
    await tally([wrong], noon)
    expect(reported).toEqual(['refused callbacks not counted'])
    expect(saved).toEqual([[0, { check_code_wrong: 1 }]])
  })

  it('gives up after 300 ms if the table does not respond', async () => {
    vi.useFakeTimers()
    try {
      const { tally, reported } = createTally(() => new Promise<void>(() => {}))
      const done = tally([wrong], noon)
      await vi.advanceTimersByTimeAsync(299)
      expect(reported).toEqual([])
      await vi.advanceTimersByTimeAsync(1)
      await done
      expect(reported).toHaveLength(1)
    } finally {
      vi.useRealTimers()
    }
  })
})
