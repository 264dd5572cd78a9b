import { SQSClient } from '@aws-sdk/client-sqs'
import { describe, expect, it } from 'vitest'
import { sqsDeadLetterQueue } from '../../../../adapters/sqs/dead-letter-queue.ts'

/** Creates the queue over a client without network, which records the requests and responds by command. */
function createQueue(responses: Readonly<Record<string, object>> = {}) {
  const requests: [command: string, input: object][] = []
  const client = new SQSClient({ region: 'us-east-1' })
  client.middlewareStack.add(
    (_next, { commandName = '' }) =>
      async ({ input }) => {
        requests.push([commandName.replace('Command', ''), input])
        return { response: undefined, output: { $metadata: {}, ...responses[commandName.replace('Command', '')] } }
      },
    { step: 'initialize' },
  )
  const queue = sqsDeadLetterQueue({ client, deadLetterQueueUrl: 'dead', eventQueueUrl: 'events' })
  return { queue, requests }
}

const letter = (name: string, isRedriven = false) => ({
  id: `id-${name}`,
  body: `body-${name}`,
  sentAt: 5000,
  groupId: `group-${name}`,
  receiptHandle: `handle-${name}`,
  isRedriven,
})

const message = (name: string, attributes: Record<string, string> = {}) => ({
  MessageId: `id-${name}`,
  Body: `body-${name}`,
  ReceiptHandle: `handle-${name}`,
  Attributes: { ...attributes, SentTimestamp: '5000' },
})

describe('sqsDeadLetterQueue', () => {
  it('counts the visible dead letters, and the messages on the event queue in any state', async () => {
    const Attributes = {
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '20',
      ApproximateNumberOfMessagesDelayed: '300',
    }
    const { queue, requests } = createQueue({ GetQueueAttributes: { Attributes } })
    expect(await queue.countVisible()).toBe(1)
    expect(await queue.countQueuedMessages()).toBe(321)
    expect(requests.map(([, input]) => input)).toMatchObject([{ QueueUrl: 'dead' }, { QueueUrl: 'events' }])
  })

  it('receives dead letters with their group, and knows those that were put back before', async () => {
    const mark = { redriven_at: { DataType: 'Number', StringValue: '1' } }
    const Messages = [
      message('a', { MessageGroupId: 'group-a' }),
      { ...message('b', { MessageGroupId: 'group-b' }), MessageAttributes: mark },
      message('c'),
    ]
    const { queue, requests } = createQueue({ ReceiveMessage: { Messages } })
    expect(await queue.receive()).toEqual([letter('a'), letter('b', true), { ...letter('c'), groupId: undefined }])
    expect(requests).toMatchObject([
      ['ReceiveMessage', { QueueUrl: 'dead', MaxNumberOfMessages: 10, VisibilityTimeout: 600, WaitTimeSeconds: 1 }],
    ])
  })

  it('sends dead letters with their group and a mark, then deletes them', async () => {
    const { queue, requests } = createQueue()
    await queue.putBack([letter('a'), { ...letter('b'), groupId: undefined }], 1234)
    const MessageAttributes = { redriven_at: { DataType: 'Number', StringValue: '1234' } }
    expect(requests).toEqual([
      [
        'SendMessageBatch',
        {
          QueueUrl: 'events',
          Entries: [
            { Id: '0', MessageBody: 'body-a', MessageGroupId: 'group-a', MessageAttributes },
            { Id: '1', MessageBody: 'body-b', MessageGroupId: undefined, MessageAttributes },
          ],
        },
      ],
      [
        'DeleteMessageBatch',
        {
          QueueUrl: 'dead',
          Entries: [
            { Id: '0', ReceiptHandle: 'handle-a' },
            { Id: '1', ReceiptHandle: 'handle-b' },
          ],
        },
      ],
    ])
  })

  it('deletes nothing if the event queue does not accept a message', async () => {
    const { queue, requests } = createQueue({ SendMessageBatch: { Failed: [{ Id: '0', Code: 'InternalError' }] } })
    await expect(queue.putBack([letter('a')], 1)).rejects.toThrow('did not accept')
    expect(requests.map(([command]) => command)).not.toContain('DeleteMessageBatch')
  })

  it('reports dead letters that could not be deleted', async () => {
    const { queue } = createQueue({ DeleteMessageBatch: { Failed: [{ Id: '0', Code: 'InternalError' }] } })
    await expect(queue.putBack([letter('a')], 1)).rejects.toThrow('1 dead letters were put back, but not deleted')
  })

  it('makes released dead letters visible at once', async () => {
    const { queue, requests } = createQueue()
    await queue.release(['handle-a'])
    expect(requests).toEqual([
      [
        'ChangeMessageVisibilityBatch',
        { QueueUrl: 'dead', Entries: [{ Id: '0', ReceiptHandle: 'handle-a', VisibilityTimeout: 0 }] },
      ],
    ])
  })
})
