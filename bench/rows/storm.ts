import type { BenchRow } from '../row.ts'
import { addOtherRooms, createStormModel } from '../storm/scenarios.ts'
import { simulateStorm } from '../storm/simulate.ts'
import { percentile, summarizeStorm } from '../storm/summary.ts'

const participants = 5000
const withinSeconds = 10
/** Longer than the storm: SQS detects nothing. Published measurements saw about as much. */
const detectionDelayMs = 200_000

/**
 * Simulates the deployed stack when all people of a large room reconnect while 200 other rooms are in use. The simulation does not
 * depend on the machine.
 */
export function simulateStormRows(): BenchRow[] {
  const model = createStormModel({ participants, withinSeconds })
  const [first] = model.arrivals
  if (first === undefined) throw new Error('the storm has no events')
  const simulate = (delayMs: number) => summarizeStorm(simulateStorm(addOtherRooms(model, delayMs)), first.group)
  const detected = simulate(0)
  const undetected = simulate(detectionDelayMs)
  const seconds = (ms: number) => [ms / 1000]
  const shared = { peer: null, counted: true }
  const othersUnit = 'simulated seconds, 99 % of the events of other rooms'
  return [
    {
      ...shared,
      name: 'storm-5000-seconds',
      unit: `simulated seconds for ${participants} people of one room`,
      ours: seconds(detected.lastAppliedMs),
      targets: { maxOurs: 30 },
    },
    {
      ...shared,
      name: 'storm-others-p99-seconds-detected',
      unit: othersUnit,
      ours: seconds(percentile(detected.otherDelaysMs, 0.99)),
      targets: { maxOurs: 3 },
    },
    {
      ...shared,
      name: 'storm-others-p99-seconds-undetected',
      unit: othersUnit,
      ours: seconds(percentile(undetected.otherDelaysMs, 0.99)),
      targets: { maxOurs: 30 },
    },
  ]
}
