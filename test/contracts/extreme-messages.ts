import { Logger } from '@aws-lambda-powertools/logger'
import { Metrics } from '@aws-lambda-powertools/metrics'
import type { PublishBatchRequestEntry, SNSClient } from '@aws-sdk/client-sns'
import type { Context, SQSRecord } from 'aws-lambda'
import { expect, it } from 'vitest'
import { snsAlertTopic } from '../../adapters/sns/alert-topic.ts'
import { snsRoomEventTopic } from '../../adapters/sns/room-event-topic.ts'
import type { ApplyDependencies } from '../../lambdas/apply-events/dependencies.ts'
import { createHandler } from '../../lambdas/apply-events/handler.ts'
import { lambdaContext } from '../support/api-gateway.ts'
import { cut } from '../support/events.ts'
import {
  messagesAtLimits,
  messagesBeyondCounts,
  messagesWithLongOptions,
  messagesWithLongValue,
  messagesWithManyParameters,
  strangeMessages,
  type TextKind,
} from '../support/extreme-messages.ts'
import { fakeSnsClient } from '../support/fake-sns-client.ts'

const maxPublishBytes = 262_144
/** Engines are slow with large items. */
const batchSize = 20

/** An SNS with the limit of the real one: messages and attributes of one request. */
function strictSns(): SNSClient {
  return fakeSnsClient((input) => {
    const messages = 'PublishBatchRequestEntries' in input ? (input.PublishBatchRequestEntries ?? []) : [input]
    let bytes = 0
    for (const message of messages) bytes += messageBytes(message)
    if (bytes > maxPublishBytes) throw new Error(`the request has ${bytes} bytes`)
    return { Failed: [] }
  })
}

function messageBytes(message: object | PublishBatchRequestEntry): number {
  if (!('Message' in message)) return 0
  const attributes = Object.entries(message.MessageAttributes ?? {})
  return [message.Message, ...attributes.flatMap(([name, { DataType, StringValue }]) => [name, DataType, StringValue])]
    .map((text) => Buffer.byteLength(text ?? ''))
    .reduce((sum, bytes) => sum + bytes, 0)
}

const context: Context = { ...lambdaContext, getRemainingTimeInMillis: () => 60_000 }

function createApplier(stores: ApplyDependencies) {
  const logger = new Logger({ logLevel: 'SILENT' })
  const handler = createHandler({
    ...stores,
    erasures: { read: async () => undefined },
    counter: { add: async () => {} },
    retries: { delayAll: async () => [] },
    failures: { record: async () => {} },
    keys: { read: async () => ({ outcome: 'not_configured' }), refresh: async () => ({ outcome: 'not_configured' }) },
    allowUnsigned: false,
    countRefusal: () => {},
    sampleRefusal: async () => {},
    tallyRefusals: async () => {},
    alerts: snsAlertTopic(strictSns(), 'arn:aws:sns:us-east-1:123456789012:alerts'),
    openWarnings: { record: async () => {} },
    roomEvents: snsRoomEventTopic(strictSns(), 'arn:aws:sns:us-east-1:123456789012:events'),
    maxReceiveCount: 1,
    now: () => 2_000_000,
    logger,
    metrics: new Metrics({ namespace: 'test' }),
  })
  /** @returns the bodies of the messages to retry. */
  return async (bodies: readonly string[]): Promise<string[]> => {
    const Records = bodies.map((body, index): SQSRecord => createRecord(String(index), body))
    const { batchItemFailures } = await handler({ Records }, context)
    return batchItemFailures.map(({ itemIdentifier }) => bodies[Number(itemIdentifier)]?.slice(0, 200) ?? '')
  }
}

function createRecord(messageId: string, body: string): SQSRecord {
  return {
    messageId,
    receiptHandle: messageId,
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '1732444111123',
      SenderId: 'AROAEXAMPLE',
      ApproximateFirstReceiveTimestamp: '1732444111130',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:events',
    awsRegion: 'us-east-1',
  }
}

/**
 * Tests that no message makes the applier of events fail, whatever it contains.
 *
 * @param open returns empty stores.
 * @param texts the kinds of text to send. An engine needs seconds for each.
 */
export function extremeMessagesContract(open: () => Promise<ApplyDependencies>, texts: readonly TextKind[]): void {
  it.each(texts)(
    'the handler applies or quarantines 200 KB of %s as any parameter of any event',
    (text) => verifyAllAccepted(open, messagesWithLongValue(text)),
    120_000,
  )

  it.each([
    ['ids, names and texts at their limits', messagesAtLimits],
    ['messages that are no events or too large', strangeMessages],
  ])('the handler applies or quarantines %s', (_name, create) => verifyAllAccepted(open, create()), 120_000)
}

/** Further tests, which take minutes on an engine. */
export function slowExtremeMessagesContract(open: () => Promise<ApplyDependencies>): void {
  it.each([
    ['long options that are expensive to parse', messagesWithLongOptions],
    ['more of everything than a projection keeps', messagesBeyondCounts],
    ['thousands of parameters and long names', messagesWithManyParameters],
  ])('the handler applies or quarantines %s', (_name, create) => verifyAllAccepted(open, create()), 120_000)
}

/** Delivers all messages, then all of them again in reverse order. */
async function verifyAllAccepted(open: () => Promise<ApplyDependencies>, messages: readonly string[]): Promise<void> {
  const apply = createApplier(await open())
  for (const batch of cut(messages, [batchSize])) expect(await apply(batch)).toEqual([])
  for (const batch of cut(messages.toReversed(), [batchSize])) expect(await apply(batch)).toEqual([])
}
