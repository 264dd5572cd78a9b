import { randomBytes } from 'node:crypto'
import { Chance } from './chance.ts'
import { startSimulatedAvd } from './simulated-avd.ts'
import { Traffic } from './traffic.ts'

/** A simulated installation with people in it. */
export interface Demo {
  /** Base address of its API. */
  readonly url: string
  readonly accessKey: string
  readonly secretKey: string
  begin(callbackUrl: string): void
  stop(): Promise<void>
}

export interface DemoOptions {
  readonly checkCodeKey: string | null
  /** Left out: another course of events at each start. */
  readonly seed?: number
}

export async function startDemo({ checkCodeKey, seed = Date.now() }: DemoOptions): Promise<Demo> {
  const keys = { accessKey: 'demo', secretKey: randomBytes(12).toString('hex') }
  const avd = await startSimulatedAvd({ ...keys, checkCodeKey, seed })
  const traffic = new Traffic(avd, new Chance(seed))
  return {
    url: avd.url,
    ...keys,
    begin(callbackUrl) {
      avd.callbackUrl = callbackUrl
      traffic.start()
    },
    async stop() {
      traffic.stop()
      await avd.stop()
    },
  }
}
