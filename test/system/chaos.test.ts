import { describe, expect, inject, it } from 'vitest'
import { runChaos } from '../chaos/chaos.ts'

const freshSeed = Math.floor(Math.random() * 2 ** 31)

/** Longer runs: npm run chaos -- --minutes 30 */
describe('the running system under random faults', () => {
  // At the same time, because most of a run is waiting for retries.
  it.concurrent.each([
    ['a fixed', 1],
    ['a fresh', freshSeed],
  ])(
    'loses nothing and counts nothing twice, with %s seed (%i)',
    async (_, seed) => {
      const report = await runChaos({
        seed,
        durationMs: 45_000,
        perSecond: 15,
        visibilityTimeoutSeconds: 10,
        assembly: inject('assemblies').strict,
      })
      expect(report.mistakes, JSON.stringify(report)).toEqual([])
      expect(report.acknowledged).toBeGreaterThan(200)
      expect(Object.keys(report.faults).length).toBeGreaterThan(5)
    },
    400_000,
  )
})
