import type { AwsService } from '../endpoint/aws-call.ts'
import type { FunctionPool } from '../functions/function-pool.ts'
import {
  createSubscriberQueue,
  type MessagingEmulator,
  type ReceivedNotification,
  subscribeQueue,
  type TopicFilter,
  takeNotifications,
} from './emulator-queues.ts'
import { Outbox, type OutboxMessage } from './outbox.ts'
import { type Publication, selectText } from './publication.ts'
import { createSnsService, type OnPublished } from './service.ts'
import { toSnsEvent } from './sns-notification.ts'
import { SubscriptionList } from './subscription-list.ts'

/** A subscription that the SNS emulator does not deliver to. */
interface Subscriber extends TopicFilter {
  readonly receiver:
    | { readonly kind: 'person'; readonly protocol: OutboxMessage['protocol']; readonly endpoint: string }
    | { readonly kind: 'function'; readonly subscriptionArn: string; readonly pool: FunctionPool }
}

/**
 * Delivers published messages to people and functions.
 *
 * Each subscriber has its own queue in the emulator, which applies the filter policies. The queues are emptied after
 * each publication.
 */
export class Deliveries {
  readonly #emulator: MessagingEmulator
  readonly #subscribers: (Subscriber & { readonly queueUrl: string })[] = []
  readonly #invocations = new Set<Promise<unknown>>()
  #stopped = false
  readonly outbox: Outbox
  readonly subscriptions = new SubscriptionList()
  /** The emulated SNS. */
  readonly sns: AwsService

  constructor({ log, ...emulator }: MessagingEmulator & { readonly log: (line: string) => void }) {
    this.#emulator = emulator
    this.outbox = new Outbox(log)
    this.sns = this.subscriptions.extend(createSnsService(emulator.sns, (published) => this.#deliver(published)))
  }

  get activeInvocations(): number {
    return this.#invocations.size
  }

  async subscribe(subscriber: Subscriber): Promise<void> {
    const { queueUrl, queueArn } = await createSubscriberQueue(
      this.#emulator,
      `subscription-${this.#subscribers.length}`,
    )
    await this.subscribeQueue(subscriber, queueArn, false)
    this.#subscribers.push({ ...subscriber, queueUrl })
  }

  /** Subscribes a queue, which the emulator itself delivers to. */
  subscribeQueue(filter: TopicFilter, queueArn: string, rawMessageDelivery: boolean): Promise<void> {
    return subscribeQueue(this.#emulator, filter, queueArn, rawMessageDelivery)
  }

  /** Stops invoking functions. Resolves when all running invocations have ended. */
  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all(this.#invocations)
  }

  async #deliver({ publication, messageId }: Parameters<OnPublished>[0]): Promise<void> {
    const subscribers = this.#subscribers.filter(({ topicArn }) => topicArn === publication.topicArn)
    for (const subscriber of subscribers) {
      for (const received of await takeNotifications(this.#emulator, subscriber.queueUrl, messageId)) {
        this.#deliverTo(subscriber, publication, received)
      }
    }
    // A message with a subject is meant for people.
    const hasPeople = subscribers.some(({ receiver }) => receiver.kind === 'person')
    if (!hasPeople && publication.subject !== undefined) this.outbox.reportMissingRecipients(publication)
  }

  #deliverTo(
    { receiver, topicArn }: Subscriber,
    publication: Publication,
    { notification, body }: ReceivedNotification,
  ): void {
    if (receiver.kind === 'person') {
      const { protocol, endpoint } = receiver
      this.outbox.send({ protocol, endpoint, topicArn }, publication, notification.MessageId, body)
      return
    }
    if (this.#stopped) return
    const event = toSnsEvent(notification, selectText(publication, 'lambda'), receiver.subscriptionArn)
    // The invocation is asynchronous, as in AWS. The function's pool reports failures.
    const invocation = receiver.pool.invokeAsynchronously(event).finally(() => this.#invocations.delete(invocation))
    this.#invocations.add(invocation)
  }
}
