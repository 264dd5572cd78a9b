import { setTimeout as sleep } from 'node:timers/promises'
import type { LocalAccount } from './account.ts'
import type { Cleanup } from './cleanup.ts'
import { callService, ownCall } from './endpoint/aws-call.ts'
import type { Gateway } from './gateway/server.ts'

/** A signal must end everything within 5 s; the rest is for the closing itself. */
const drainMilliseconds = 4000
const requestGraceMilliseconds = 2500

/** Resolves when nothing is queued, in flight or running. */
export async function untilIdle(account: LocalAccount, gateway: Gateway, timeoutMilliseconds: number): Promise<void> {
  const end = Date.now() + timeoutMilliseconds
  for (;;) {
    const before = running(account, gateway)
    const queued = await queuedMessages(account)
    // Asked again: a function that was running may have queued something and ended in between.
    const after = running(account, gateway)
    if (before + queued + after === 0) return
    if (Date.now() > end) {
      throw new Error(`not idle after ${timeoutMilliseconds} ms: ${queued} messages, ${after} requests or invocations`)
    }
    await sleep(10)
  }
}

/** Takes no more requests, works off what was acknowledged, then ends everything. @returns how many events were lost. */
export async function stopDeployment(
  account: LocalAccount,
  gateway: Gateway,
  cleanup: Cleanup,
  log: (line: string) => void,
): Promise<number> {
  const end = Date.now() + drainMilliseconds
  await gateway.close(requestGraceMilliseconds)
  const swept = Promise.all([...account.schedules.map((schedule) => schedule.stop()), account.deliveries.stop()])
  const drained = swept.then(() => Promise.all(account.pollers.map((poller) => poller.stop())))
  const tooLate = new AbortController()
  await Promise.race([drained, sleep(end - Date.now(), undefined, { signal: tooLate.signal }).catch(() => {})])
  tooLate.abort()
  const left = await queuedMessages(account)
  if (left > 0) log(`${left} queued events could not be applied and are gone with this process`)
  await cleanup.run()
  return left
}

function running({ functions, pollers, deliveries }: LocalAccount, gateway: Gateway): number {
  const invocations = functions.values().reduce((sum, pool) => sum + pool.busy, 0)
  return gateway.busy + deliveries.busy + invocations + pollers.reduce((sum, poller) => sum + poller.busy, 0)
}

const counts = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
]

/** Messages in all states on the queues that functions poll. */
async function queuedMessages({ pollers, messaging, place }: LocalAccount): Promise<number> {
  let sum = 0
  for (const { queueUrl } of pollers) {
    const { Attributes } = await callService(
      messaging.sqs,
      ownCall('sqs', 'GetQueueAttributes', place.region, { QueueUrl: queueUrl, AttributeNames: counts }),
    )
    for (const count of Object.values(Attributes ?? {})) sum += Number(count)
  }
  return sum
}
