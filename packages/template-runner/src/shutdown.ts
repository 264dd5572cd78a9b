import { setTimeout as sleep } from 'node:timers/promises'
import type { EmulatedAccount } from './account.ts'
import type { CleanupStack } from './cleanup.ts'
import { callService, createAdminCall } from './endpoint/aws-call.ts'
import type { Gateway } from './gateway/server.ts'

/** The run ends within 5 s of a signal; the rest is for closing servers and workers. */
const drainTimeoutMs = 4300
const requestGracePeriodMs = 2500

/**
 * Resolves when no message is queued or in flight, and no request, invocation or move of messages is running.
 *
 * @throws Error with the remaining counts if that takes longer than `timeoutMs`.
 */
export async function waitUntilIdle(account: EmulatedAccount, gateway: Gateway, timeoutMs: number): Promise<void> {
  const deadlineMs = Date.now() + timeoutMs
  for (;;) {
    const activeBefore = countActive(account, gateway)
    const queued = await countQueuedMessages(account)
    // Counted again, because a function could have queued a message and ended in the meantime.
    const activeAfter = countActive(account, gateway)
    if (activeBefore + queued + activeAfter === 0) return
    if (Date.now() > deadlineMs) {
      throw new Error(`not idle after ${timeoutMs} ms: ${queued} messages, ${activeAfter} requests or invocations`)
    }
    await sleep(10)
  }
}

/**
 * Accepts no new requests, processes what is queued as far as time allows, then ends everything.
 *
 * @returns the number of messages that were lost.
 */
export async function stopDeployment(
  account: EmulatedAccount,
  gateway: Gateway,
  cleanup: CleanupStack,
  log: (line: string) => void,
): Promise<number> {
  const deadlineMs = Date.now() + drainTimeoutMs
  await gateway.close(requestGracePeriodMs)
  const timeout = new AbortController()
  const expired = sleep(deadlineMs - Date.now(), undefined, { signal: timeout.signal }).catch(() => {})
  await Promise.race([drain(account), expired])
  timeout.abort()
  const lost = await countQueuedMessages(account)
  if (lost > 0) log(`${lost} queued messages were not processed and are lost`)
  await cleanup.run()
  return lost
}

/** Schedules, events and deliveries stop first, because what they invoke can still queue messages. */
async function drain({ schedules, events, deliveries, pollers }: EmulatedAccount): Promise<void> {
  await Promise.all([...schedules.map((schedule) => schedule.stop()), events.stop(), deliveries.stop()])
  await Promise.all(pollers.map((poller) => poller.stop()))
}

function countActive({ functions, pollers, deliveries, messaging }: EmulatedAccount, gateway: Gateway): number {
  const invocations = functions.values().reduce((sum, pool) => sum + pool.activeInvocations, 0)
  const polled = pollers.reduce((sum, poller) => sum + poller.pendingWork, 0)
  return gateway.activeRequests + deliveries.activeInvocations + invocations + polled + messaging.countMessageMoves()
}

const messageCounts = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
]

/** Counts the messages in all states on the queues that functions poll. */
async function countQueuedMessages({ pollers, messaging, target }: EmulatedAccount): Promise<number> {
  let sum = 0
  for (const { queueUrl } of pollers) {
    const { Attributes } = await callService(
      messaging.sqs,
      createAdminCall('sqs', 'GetQueueAttributes', target.region, {
        QueueUrl: queueUrl,
        AttributeNames: messageCounts,
      }),
    )
    for (const count of Object.values(Attributes ?? {})) sum += Number(count)
  }
  return sum
}
