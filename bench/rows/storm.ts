import type { BenchRow } from '../row.ts'
import { simulateStorm } from '../simulate-storm.ts'
import { createStormModel } from '../storm-scenarios.ts'

const participants = 5000
const withinSeconds = 10

/** Simulates the deployed stack when all people of a large room reconnect. The simulation does not depend on the machine. */
export function simulateStormRow(): BenchRow {
  const { delays } = simulateStorm(createStormModel(participants, withinSeconds))
  const lastAppliedMs = delays.at(-1)?.atMs ?? 0
  return {
    name: 'storm-5000-seconds',
    unit: `simulated seconds for ${participants} people of one room`,
    ours: [lastAppliedMs / 1000],
    peer: null,
    targets: { maxOurs: 30 },
    counted: true,
  }
}
