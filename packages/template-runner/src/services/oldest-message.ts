import type { buildApp, FauxqsServer } from 'fauxqs'
import { z } from 'zod'

type QueueInspection = ReturnType<FauxqsServer['inspectQueue']>

const inspectionRoute = '/_fauxqs/queues/:queueName'

/**
 * Creates a function that returns when the oldest message of a queue was sent, including messages in flight.
 *
 * SQS has no API for this, but the emulator can list all messages of a queue. A hook reduces the list to one timestamp
 * before the response is serialized, because serializing a long queue is slow. A dead letter keeps the time at which
 * it was first sent.
 *
 * @returns a function that returns epoch milliseconds, or undefined if the queue is empty.
 */
export function createOldestMessageReader(
  app: ReturnType<typeof buildApp>,
): (queueName: string) => Promise<number | undefined> {
  app.addHook('preSerialization', (request, _reply, payload, done) => {
    const isInspection = request.routeOptions.url === inspectionRoute
    done(null, isInspection ? { oldest: findOldestSentAtMs(payload as QueueInspection) } : payload)
  })
  return async (queueName) => {
    const response = await app.inject({ method: 'GET', url: inspectionRoute.replace(':queueName', queueName) })
    return z.object({ oldest: z.number().optional() }).parse(response.json()).oldest
  }
}

function findOldestSentAtMs(inspected: QueueInspection): number | undefined {
  if (!inspected) return undefined
  const { ready, delayed, inflight } = inspected.messages
  const messages = [...ready, ...delayed, ...inflight.map(({ message }) => message)]
  return messages.reduce<number | undefined>(
    (oldest, { sentTimestamp }) => (oldest === undefined || sentTimestamp < oldest ? sentTimestamp : oldest),
    undefined,
  )
}
