import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { AnsweredCallback } from '../secret-outage/mixed-load.ts'

export type LoadOrder = {
  /** Of the callbacks. */
  readonly url: string
  readonly key: string
  /** Distinguishes the events of this load. */
  readonly name: string
  readonly perSecond: number
  readonly seconds: number
}

export type Sender = {
  /** Sends genuine, forged and unsigned callbacks at a constant rate. Resolves when all have been answered. */
  send(order: LoadOrder): Promise<AnsweredCallback[]>
  stop(): void
}

/** Starts the process that sends callbacks. */
export function startSender(): Sender {
  const child = fork(fileURLToPath(new URL('sender-child.ts', import.meta.url)), { serialization: 'advanced' })
  const failed = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the sender exited with ${code}`)))
  // After the last order, the exit is no failure.
  failed.catch(() => {})
  return {
    async send(order) {
      child.send(order)
      const [answered] = (await Promise.race([once(child, 'message'), failed])) as [AnsweredCallback[]]
      return answered
    },
    stop: () => child.disconnect(),
  }
}
