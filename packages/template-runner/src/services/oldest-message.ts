import type { buildApp, FauxqsServer } from 'fauxqs'
import { z } from 'zod'

type Inspection = ReturnType<FauxqsServer['inspectQueue']>

const inspection = '/_fauxqs/queues/:queueName'

/**
 * When the oldest message of a queue was sent, in flight or not; epoch milliseconds, undefined of an empty queue.
 *
 * SQS has no call for it. The emulator's inspection shows every message; of that, only the one time is written out, so
 * that a long queue costs a look and no more. A dead letter has the time at which it was first sent.
 */
export function oldestMessageOf(app: ReturnType<typeof buildApp>): (queueName: string) => Promise<number | undefined> {
  app.addHook('preSerialization', (request, _reply, payload, done) => {
    // Here the answer is still made of the emulator's own objects.
    done(null, request.routeOptions.url === inspection ? { oldest: oldestIn(payload as Inspection) } : payload)
  })
  return async (queueName) => {
    const answer = await app.inject({ method: 'GET', url: inspection.replace(':queueName', queueName) })
    return z.object({ oldest: z.number().optional() }).parse(answer.json()).oldest
  }
}

function oldestIn(inspected: Inspection): number | undefined {
  if (!inspected) return undefined
  const { ready, delayed, inflight } = inspected.messages
  const messages = [...ready, ...delayed, ...inflight.map(({ message }) => message)]
  return messages.reduce<number | undefined>(
    (oldest, { sentTimestamp }) => (oldest === undefined || sentTimestamp < oldest ? sentTimestamp : oldest),
    undefined,
  )
}
