/** Sends callbacks in its own process, so that the system's work and the sender's do not share a thread. */
import { setTimeout as sleep } from 'node:timers/promises'
import { startMixedLoad } from '../secret-outage/mixed-load.ts'
import type { LoadOrder } from './sender.ts'

process.on('message', async ({ url, key, name, perSecond, seconds }: LoadOrder) => {
  const load = startMixedLoad(url, key, name, perSecond)
  await sleep(seconds * 1000)
  await load.stop()
  process.send?.(load.answered)
})
process.on('disconnect', () => process.exit())
