import { z } from 'zod'
import { accountId } from '../deployment-target.ts'
import { type AwsService, callService, createAdminCall, createAdminQuery } from '../endpoint/aws-call.ts'
import type { FunctionPool } from '../functions/function-pool.ts'
import { Outbox, type OutboxMessage, type Person } from './outbox.ts'
import { type Publication, textFor } from './publication.ts'
import { type OnPublished, snsService } from './service.ts'

/** A subscription that the emulator of SNS does not deliver to: of a person or of a function. */
export interface Subscriber {
  readonly topicArn: string
  readonly filterPolicy?: unknown
  readonly filterPolicyScope?: string
  readonly receiver:
    | { readonly kind: 'person'; readonly protocol: OutboxMessage['protocol']; readonly endpoint: string }
    | { readonly kind: 'function'; readonly subscriptionArn: string; readonly pool: FunctionPool }
}

const envelopeSchema = z.looseObject({
  MessageId: z.string(),
  TopicArn: z.string(),
  Message: z.string(),
  Subject: z.string().optional(),
  Timestamp: z.string(),
  MessageAttributes: z.record(z.string(), z.unknown()).default({}),
})
type Notification = z.output<typeof envelopeSchema>

/**
 * Delivers to people and functions what topics take.
 *
 * Each subscriber has a queue of its own in the emulator, which so decides by its filter policies who gets what; it is
 * emptied right after each publication.
 */
export class Deliveries {
  readonly #sqs: AwsService
  readonly #emulator: AwsService
  readonly #region: string
  readonly #subscribers: (Subscriber & { readonly queueUrl: string })[] = []
  readonly #invocations = new Set<Promise<unknown>>()
  #stopped = false
  readonly outbox: Outbox
  readonly sns: AwsService

  constructor(parts: { sqs: AwsService; sns: AwsService; region: string; log: (line: string) => void }) {
    this.#sqs = parts.sqs
    this.#emulator = parts.sns
    this.#region = parts.region
    this.outbox = new Outbox(parts.log)
    this.sns = snsService(parts.sns, (published) => this.#deliver(published))
  }

  /** Invocations that are not over yet. */
  get busy(): number {
    return this.#invocations.size
  }

  async subscribe(subscriber: Subscriber): Promise<void> {
    const QueueName = `subscription-${this.#subscribers.length}`
    // What is received for one publication of a batch is there for the next as well.
    const created = await callService(
      this.#sqs,
      createAdminCall('sqs', 'CreateQueue', this.#region, { QueueName, Attributes: { VisibilityTimeout: '0' } }),
    )
    const { QueueUrl: queueUrl } = z.object({ QueueUrl: z.string() }).parse(created)
    await this.subscribeQueue(subscriber, `arn:aws:sqs:${this.#region}:${accountId}:${QueueName}`, false)
    this.#subscribers.push({ ...subscriber, queueUrl })
  }

  /** Subscribes a queue in the emulator itself. */
  async subscribeQueue(
    { topicArn, filterPolicy, filterPolicyScope }: Pick<Subscriber, 'topicArn' | 'filterPolicy' | 'filterPolicyScope'>,
    queueArn: string,
    raw: boolean,
  ): Promise<void> {
    const attributes = {
      RawMessageDelivery: String(raw),
      ...(filterPolicy === undefined ? {} : { FilterPolicy: JSON.stringify(filterPolicy) }),
      ...(filterPolicyScope === undefined ? {} : { FilterPolicyScope: filterPolicyScope }),
    }
    const fields = Object.entries(attributes).flatMap(([key, value], index) => [
      [`Attributes.entry.${index + 1}.key`, key],
      [`Attributes.entry.${index + 1}.value`, value],
    ])
    const input = { TopicArn: topicArn, Protocol: 'sqs', Endpoint: queueArn, ...Object.fromEntries(fields) }
    await callService(this.#emulator, createAdminQuery('sns', 'Subscribe', this.#region, input))
  }

  /** Calls no more functions, and resolves when those that were called have ended. */
  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all(this.#invocations)
  }

  async #deliver({ publication, messageId }: Parameters<OnPublished>[0]): Promise<void> {
    const subscribers = this.#subscribers.filter(({ topicArn }) => topicArn === publication.topicArn)
    for (const subscriber of subscribers)
      for (const { notification, text } of await this.#take(subscriber.queueUrl, messageId))
        this.#hand(subscriber, publication, notification, text)
    const people = subscribers.some(({ receiver }) => receiver.kind === 'person')
    if (!people && publication.subject !== undefined) this.outbox.sendNobody(publication)
  }

  async #take(queueUrl: string, messageId: string): Promise<{ notification: Notification; text: string }[]> {
    const received = await callService(
      this.#sqs,
      createAdminCall('sqs', 'ReceiveMessage', this.#region, {
        QueueUrl: queueUrl,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 0,
      }),
    )
    const { Messages } = z
      .object({ Messages: z.array(z.object({ Body: z.string(), ReceiptHandle: z.string() })).default([]) })
      .parse(received)
    const mine = Messages.map((message) => ({
      ...message,
      notification: envelopeSchema.parse(JSON.parse(message.Body)),
    }))
    const wanted = mine.filter(({ notification }) => notification.MessageId === messageId)
    for (const { ReceiptHandle } of wanted)
      await callService(
        this.#sqs,
        createAdminCall('sqs', 'DeleteMessage', this.#region, { QueueUrl: queueUrl, ReceiptHandle }),
      )
    return wanted.map(({ notification, Body }) => ({ notification, text: Body }))
  }

  #hand({ receiver, topicArn }: Subscriber, publication: Publication, notification: Notification, text: string): void {
    if (receiver.kind === 'person') {
      const person: Person = { protocol: receiver.protocol, endpoint: receiver.endpoint, topicArn }
      this.outbox.send(person, publication, notification.MessageId, text)
      return
    }
    if (this.#stopped) return
    const event = snsEvent(notification, textFor(publication, 'lambda'), receiver.subscriptionArn)
    // As Lambda does, without anybody waiting; what fails is said by the function's pool.
    const invocation = receiver.pool.invoke(event).finally(() => this.#invocations.delete(invocation))
    this.#invocations.add(invocation)
  }
}

/** What a function gets of a topic. */
function snsEvent(notification: Notification, message: string, subscriptionArn: string): object {
  const { MessageId, TopicArn, Subject = null, Timestamp, MessageAttributes } = notification
  return {
    Records: [
      {
        EventVersion: '1.0',
        EventSubscriptionArn: subscriptionArn,
        EventSource: 'aws:sns',
        Sns: {
          Type: 'Notification',
          MessageId,
          TopicArn,
          Subject,
          Message: message,
          Timestamp,
          SignatureVersion: '1',
          Signature: 'local',
          SigningCertUrl: 'https://sns.us-east-1.amazonaws.com/SimpleNotificationService.pem',
          UnsubscribeUrl: `https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe&SubscriptionArn=${subscriptionArn}`,
          MessageAttributes,
        },
      },
    ],
  }
}
