import { setTimeout as sleep } from 'node:timers/promises'
import type { EmulatedAccount } from './account.ts'
import type { CleanupStack } from './cleanup.ts'
import { callService, createAdminCall } from './endpoint/aws-call.ts'
import type { Gateway } from './gateway/server.ts'

/** A signal must end everything within 5 s; the rest is for the closing itself. */
const drainMilliseconds = 4000
const requestGraceMilliseconds = 2500

/** Resolves when nothing is queued, in flight or running. */
export async function untilIdle(account: EmulatedAccount, gateway: Gateway, timeoutMs: number): Promise<void> {
  const end = Date.now() + timeoutMs
  for (;;) {
    const before = running(account, gateway)
    const queued = await queuedMessages(account)
    // Asked again: a function that was running may have queued something and ended in between.
    const after = running(account, gateway)
    if (before + queued + after === 0) return
    if (Date.now() > end) {
      throw new Error(`not idle after ${timeoutMs} ms: ${queued} messages, ${after} requests or invocations`)
    }
    await sleep(10)
  }
}

/** Takes no more requests, works off what was acknowledged, then ends everything. @returns how many events were lost. */
export async function stopDeployment(
  account: EmulatedAccount,
  gateway: Gateway,
  cleanup: CleanupStack,
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

function running({ functions, pollers, deliveries }: EmulatedAccount, gateway: Gateway): number {
  const invocations = functions.values().reduce((sum, pool) => sum + pool.busy, 0)
  return gateway.busy + deliveries.busy + invocations + pollers.reduce((sum, poller) => sum + poller.busy, 0)
}

const counts = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
]

/** Messages in all states on the queues that functions poll. */
async function queuedMessages({ pollers, messaging, target }: EmulatedAccount): Promise<number> {
  let sum = 0
  for (const { queueUrl } of pollers) {
    const { Attributes } = await callService(
      messaging.sqs,
      createAdminCall('sqs', 'GetQueueAttributes', target.region, { QueueUrl: queueUrl, AttributeNames: counts }),
    )
    for (const count of Object.values(Attributes ?? {})) sum += Number(count)
  }
  return sum
}
