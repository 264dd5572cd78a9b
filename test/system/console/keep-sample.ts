import { setTimeout as sleep } from 'node:timers/promises'
import type { System } from '../../support/system.ts'

const maxAttempts = 40

/**
 * Sends a callback that is refused until a sample of its cause has been kept: the receiver waits only 300 ms for the write
 * (docs/contract.md, section 3).
 */
export async function keepSample(system: System, send: () => Promise<unknown>, outcome: string): Promise<void> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    await send()
    const { items } = (await system.query('/api/refused')).body as { items: { outcome: string }[] }
    if (items.some((sample) => sample.outcome === outcome)) return
    await sleep(1000)
  }
  throw new Error(`no sample of ${outcome} after ${maxAttempts} refused callbacks`)
}
