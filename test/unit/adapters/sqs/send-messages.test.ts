import { type SendMessageBatchCommandInput, type ServiceInputTypes, SQSClient } from '@aws-sdk/client-sqs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sqsCommandQueue } from '../../../../adapters/sqs/command-queue.ts'
import { sqsCorrectionQueue } from '../../../../adapters/sqs/correction-queue.ts'
import { sendMessages } from '../../../../adapters/sqs/send-messages.ts'
import type { Envelope } from '../../../../core/protocol/envelope.ts'
import { messageGroupOf } from '../../../../core/protocol/message-group.ts'
import type { StatefulAggregateId } from '../../../../core/state/aggregate.ts'

/** SQS's limit of all messages of a batch together. */
const maxBytes = 1_048_576

/** Creates a client without network that records the bodies and groups of each batch. `fails` selects what SQS rejects. */
function createRecordingClient(fails: (body: string, attempt: number) => boolean = () => false) {
  const batches: string[][] = []
  const groups: (string | undefined)[][] = []
  const client = new SQSClient({ region: 'us-east-1' })
  const respond = (input: ServiceInputTypes) => {
    const { Entries = [] } = input as SendMessageBatchCommandInput
    const attempt = batches.push(Entries.map(({ MessageBody = '' }) => MessageBody))
    groups.push(Entries.map(({ MessageGroupId }) => MessageGroupId))
    const failed = Entries.filter(({ MessageBody = '' }) => fails(MessageBody, attempt))
    return { Failed: failed.map(({ Id }) => ({ Id, Code: 'InternalError', SenderFault: false })) }
  }
  client.middlewareStack.add(
    () =>
      async ({ input }) => ({ response: undefined, output: { $metadata: {}, ...respond(input) } }),
    { step: 'initialize' },
  )
  return { client, batches, groups }
}

const messagesOf = (bodies: readonly string[]) =>
  bodies.map((body) => ({ body, groupId: `group-of-${body.slice(0, 1)}` }))

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
    await sendMessages(client, 'queue', messagesOf(bodies))
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
        await sendMessages(client, 'queue', messagesOf(bodies))
        expect(batches.flat().sort()).toEqual(bodies.toSorted())
        for (const batch of batches) {
          expect(batch.length).toBeLessThanOrEqual(10)
          expect(bytesOf(batch)).toBeLessThanOrEqual(maxBytes)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('counts the attributes of messages for the size of a batch, too', async () => {
    const { client, batches } = createRecordingClient()
    const halves = ['a', 'b'].map((letter) => ({ body: letter.repeat(maxBytes / 2), groupId: undefined }))
    await sendMessages(client, 'queue', halves)
    expect(batches).toHaveLength(1)
    await sendMessages(
      client,
      'queue',
      halves.map((message) => ({ ...message, attributes: { redriven_at: 1 } })),
    )
    expect(batches).toHaveLength(3)
  })

  it('sends only the messages again that SQS did not accept', async () => {
    const { client, batches, groups } = createRecordingClient((body, attempt) => body === 'b' && attempt < 3)
    await sendMessages(client, 'queue', messagesOf(['a', 'b', 'c']))
    expect(batches).toEqual([['a', 'b', 'c'], ['b'], ['b']])
    expect(groups).toEqual([['group-of-a', 'group-of-b', 'group-of-c'], ['group-of-b'], ['group-of-b']])
  })

  it('throws if SQS repeatedly does not accept a message', async () => {
    const { client } = createRecordingClient((body) => body === 'b')
    await expect(sendMessages(client, 'queue', messagesOf(['a', 'b']))).rejects.toThrow(
      'the queue did not accept 1 messages',
    )
  })
})

describe('sqsCorrectionQueue', () => {
  it('sends corrections that exceed a batch together in several', async () => {
    const { client, batches } = createRecordingClient()
    await sqsCorrectionQueue(client, 'queue').sendAll(Array.from({ length: 4 }, () => correction('x'.repeat(300_000))))
    expect(batches.map(({ length }) => length)).toEqual([3, 1])
  })

  it('sends each correction in the message group of its room', async () => {
    const { client, groups } = createRecordingClient()
    const inRoom = (room_id: string) => ({ ...correction('U'), params: { event: 'close', room_id } })
    await sqsCorrectionQueue(client, 'queue').sendAll([inRoom('R'), inRoom('S'), correction('V')])
    const [room, other] = [messageGroupOf({ room_id: 'R' }), messageGroupOf({ room_id: 'S' })]
    expect(groups).toEqual([[room, other, room]])
  })
})

describe('sqsCommandQueue', () => {
  it('sends each command in the message group of its room or media server', async () => {
    const { client, groups } = createRecordingClient()
    const rebuild = (aggregate: StatefulAggregateId) => ({ command: 'rebuild', aggregate }) as const
    await sqsCommandQueue(client, 'queue').sendAll([
      rebuild({ kind: 'participant', room_id: 'R', user_id: 'U' }),
      rebuild({ kind: 'box', box_code: 'B' }),
    ])
    expect(groups).toEqual([[messageGroupOf({ room_id: 'R' }), messageGroupOf({ box_code: 'B' })]])
  })
})
