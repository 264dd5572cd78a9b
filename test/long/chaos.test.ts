import { expect, inject, it } from 'vitest'
import { runChaos } from '../chaos/chaos.ts'

const seed = Math.floor(Math.random() * 2 ** 31)

it(`loses nothing and counts nothing twice in thirty minutes of random faults (seed ${seed})`, async () => {
  const report = await runChaos({ seed, durationMs: 30 * 60_000, perSecond: 15, assembly: inject('assemblies').strict })
  process.stdout.write(`${JSON.stringify(report)}\n`)
  expect(report.mistakes).toEqual([])
}, 5_400_000)
