import { type SendMessageBatchCommandInput, type ServiceInputTypes, SQSClient } from '@aws-sdk/client-sqs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sqsCorrectionQueue } from '../../../../adapters/sqs/correction-queue.ts'
import { sendMessages } from '../../../../adapters/sqs/send-messages.ts'
import type { Envelope } from '../../../../core/protocol/envelope.ts'

/** SQS's limit of all messages of a batch together. */
const maxBytes = 1_048_576

/** Creates a client without network that records the bodies of each batch. `fails` selects the messages that SQS rejects. */
function createRecordingClient(fails: (body: string, attempt: number) => boolean = () => false) {
  const batches: string[][] = []
  const client = new SQSClient({ region: 'us-east-1' })
  const respond = (input: ServiceInputTypes) => {
    const { Entries = [] } = input as SendMessageBatchCommandInput
    const attempt = batches.push(Entries.map(({ MessageBody = '' }) => MessageBody))
    const failed = Entries.filter(({ MessageBody = '' }) => fails(MessageBody, attempt))
    return { Failed: failed.map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false })) }
  }
  client.middlewareStack.add(
    () =>
      async ({ input }) => ({ response: undefined, output: { $metadata: {}, ...respond(input) } }),
    { step: 'initialize' },
  )
  return { client, batches }
}

const bytesOf = (bodies: readonly string[]) => bodies.reduce((sum, body) => sum + Buffer.byteLength(body), 0)

const correction = (user_name: string): Envelope => ({
  trace_id: 't',
  received_at: 1,
  source: 'reconcile',
  params: { event: 'join', room_id: 'R', user_id: 'U', user_name },
})

describe('sendMessages', () => {
  it('sends each message once, ten per request', async () => {
    const { client, batches } = createRecordingClient()
    const bodies = Array.from({ length: 25 }, (_, index) => `body ${index}`)
    await sendMessages(client, 'queue', bodies)
    expect(batches.map(({ length }) => length)).toEqual([10, 10, 5])
    expect(batches.flat()).toEqual(bodies)
  })

  it('keeps every batch within ten messages and 1 MiB, and sends each message once', async () => {
    const body = fc
      .tuple(fc.constantFrom('a', '王', '🎥'), fc.integer({ min: 1, max: 250_000 }))
      .map(([part, times]) => part.repeat(times))
    await fc.assert(
      fc.asyncProperty(fc.array(body, { maxLength: 25 }), async (bodies) => {
        const { client, batches } = createRecordingClient()
        await sendMessages(client, 'queue', bodies)
        expect(batches.flat().sort()).toEqual(bodies.toSorted())
        for (const batch of batches) {
          expect(batch.length).toBeLessThanOrEqual(10)
          expect(bytesOf(batch)).toBeLessThanOrEqual(maxBytes)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('sends only the messages again that SQS did not accept', async () => {
    const { client, batches } = createRecordingClient((body, attempt) => body === 'b' && attempt < 3)
    await sendMessages(client, 'queue', ['a', 'b', 'c'])
    expect(batches).toEqual([['a', 'b', 'c'], ['b'], ['b']])
  })

  it('throws if SQS repeatedly does not accept a message', async () => {
    const { client } = createRecordingClient((body) => body === 'b')
    await expect(sendMessages(client, 'queue', ['a', 'b'])).rejects.toThrow('the queue did not accept 1 messages')
  })
})

describe('sqsCorrectionQueue', () => {
  it('sends corrections that exceed a batch together in several', async () => {
    const { client, batches } = createRecordingClient()
    await sqsCorrectionQueue(client, 'queue').sendAll(Array.from({ length: 4 }, () => correction('x'.repeat(300_000))))
    expect(batches.map(({ length }) => length)).toEqual([3, 1])
  })
})
