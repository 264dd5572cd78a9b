import { onTestFinished } from 'vitest'
import { type SimulatedAvd, type SimulatedAvdOptions, startSimulatedAvd } from '../../src/index.ts'

export const accessKey = 'a'
export const secretKey = 's'

/** Starts an installation that stops when the test ends. */
export async function startAvd(options: Partial<SimulatedAvdOptions> = {}): Promise<SimulatedAvd> {
  const avd = await startSimulatedAvd({ accessKey, secretKey, ...options })
  onTestFinished(() => avd.stop())
  return avd
}
