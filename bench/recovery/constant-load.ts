import { setTimeout as sleep } from 'node:timers/promises'

export type ConstantLoad = {
  /** Resolves when everything that was sent has ended. */
  stop(): Promise<void>
}

/**
 * Calls `send` at a constant rate, however long each call takes.
 *
 * @param send gets the number of the call, from 0. It must not reject.
 */
export function startConstantLoad(perSecond: number, send: (index: number) => Promise<void>): ConstantLoad {
  const pending = new Set<Promise<void>>()
  let isStopped = false

  async function run(): Promise<void> {
    const startedAt = performance.now()
    for (let index = 0; !isStopped; index++) {
      const waitMs = startedAt + (index * 1000) / perSecond - performance.now()
      if (waitMs > 0) await sleep(waitMs)
      const sent = send(index).finally(() => pending.delete(sent))
      pending.add(sent)
    }
    await Promise.all(pending)
  }

  const running = run()
  return {
    async stop() {
      isStopped = true
      await running
    },
  }
}
