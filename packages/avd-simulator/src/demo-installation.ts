import { randomBytes } from 'node:crypto'
import { DemoTraffic } from './demo-traffic.ts'
import { SeededRandom } from './seeded-random.ts'
import { startSimulatedAvd } from './simulated-avd.ts'

/** A simulated installation that generates its own traffic. */
export interface DemoInstallation {
  /** Base URL of the API. */
  readonly url: string
  readonly accessKey: string
  readonly secretKey: string
  /** Starts the meetings, whose callbacks go to this URL. */
  startTraffic(callbackUrl: string): void
  stop(): Promise<void>
}

export interface DemoOptions {
  /** Callbacks are not signed if it is null. */
  readonly checkCodeKey: string | null
  /** The same seed yields the same events. Default: the current time. */
  readonly seed?: number
}

export async function startDemoInstallation({
  checkCodeKey,
  seed = Date.now(),
}: DemoOptions): Promise<DemoInstallation> {
  const keys = { accessKey: 'demo', secretKey: randomBytes(12).toString('hex') }
  const avd = await startSimulatedAvd({ ...keys, checkCodeKey, seed })
  const traffic = new DemoTraffic(avd, new SeededRandom(seed))
  return {
    url: avd.url,
    ...keys,
    startTraffic(callbackUrl) {
      avd.callbackUrl = callbackUrl
      traffic.start()
    },
    async stop() {
      traffic.stop()
      await avd.stop()
    },
  }
}
