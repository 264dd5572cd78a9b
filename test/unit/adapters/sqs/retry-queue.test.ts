import { type ChangeMessageVisibilityBatchCommandInput, SQSClient } from '@aws-sdk/client-sqs'
import { describe, expect, it } from 'vitest'
import { sqsRetryQueue } from '../../../../adapters/sqs/retry-queue.ts'

/** Creates a client without network that records the requests. `refuses` selects the handles that SQS refuses. */
function createRecordingClient(refuses: (handle: string) => boolean, isBroken: (handles: string[]) => boolean) {
  const requests: ChangeMessageVisibilityBatchCommandInput[] = []
  const client = new SQSClient({ region: 'us-east-1' })
  client.middlewareStack.add(
    () => async (args) => {
      const input = args.input as ChangeMessageVisibilityBatchCommandInput
      requests.push(input)
      const handles = (input.Entries ?? []).map(({ ReceiptHandle = '' }) => ReceiptHandle)
      if (isBroken(handles)) throw new Error('no connection')
      const refused = (input.Entries ?? []).filter(({ ReceiptHandle = '' }) => refuses(ReceiptHandle))
      const Failed = refused.map(({ Id }) => ({ Id, Code: 'ReceiptHandleIsInvalid', SenderFault: true }))
      return { response: undefined, output: { $metadata: {}, Failed } }
    },
    { step: 'initialize' },
  )
  return { client, requests }
}

const messages = Array.from({ length: 25 }, (_, index) => ({ receiptHandle: `h${index}`, delaySeconds: index }))
const never = () => false

describe('sqsRetryQueue', () => {
  it('sets the delay of each message, ten per request', async () => {
    const { client, requests } = createRecordingClient(never, never)
    expect(await sqsRetryQueue(client, 'queue').delayAll(messages)).toEqual([])
    expect(requests.map(({ QueueUrl, Entries }) => [QueueUrl, Entries?.length])).toEqual([
      ['queue', 10],
      ['queue', 10],
      ['queue', 5],
    ])
    expect(
      requests.flatMap(({ Entries = [] }) =>
        Entries.map(({ ReceiptHandle, VisibilityTimeout }) => [ReceiptHandle, VisibilityTimeout]),
      ),
    ).toEqual(messages.map(({ receiptHandle, delaySeconds }) => [receiptHandle, delaySeconds]))
  })

  it('returns the messages that SQS refuses, with the code', async () => {
    const { client } = createRecordingClient((handle) => handle === 'h12', never)
    const failures = await sqsRetryQueue(client, 'queue').delayAll(messages)
    expect(failures.map(({ message, error }) => [message.receiptHandle, error.message])).toEqual([
      ['h12', expect.stringContaining('ReceiptHandleIsInvalid')],
    ])
  })

  it('returns the messages of a request that fails, and sets the delays of the others', async () => {
    const { client, requests } = createRecordingClient(never, (handles) => handles.includes('h10'))
    const failures = await sqsRetryQueue(client, 'queue').delayAll(messages)
    expect(failures.map(({ message }) => message)).toEqual(messages.slice(10, 20))
    expect(requests).toHaveLength(3)
  })
})
