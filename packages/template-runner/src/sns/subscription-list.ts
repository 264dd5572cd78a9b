import { randomUUID } from 'node:crypto'
import { accountId } from '../deployment-target.ts'
import type { AwsCall, AwsResponse, AwsService } from '../endpoint/aws-call.ts'
import { escapeXml } from '../endpoint/aws-error.ts'

/** A subscription as SNS lists it. */
export interface ListedSubscription {
  /** `PendingConfirmation` until the receiver has confirmed it. */
  readonly subscriptionArn: string
  readonly topicArn: string
  readonly protocol: string
  readonly endpoint: string
}

const pending = 'PendingConfirmation'
/** Protocols whose receiver has to confirm a subscription that the API makes. */
const confirmedByReceiver: ReadonlySet<unknown> = new Set(['email', 'email-json', 'http', 'https'])

/** The subscriptions of people and functions, which the SNS emulator does not know. */
export class SubscriptionList {
  readonly #subscriptions: ListedSubscription[] = []

  add(subscription: ListedSubscription): void {
    this.#subscriptions.push(subscription)
  }

  /** Adds the actions of SNS that list subscriptions, and that subscribe a recipient who has to confirm it. */
  extend(sns: AwsService): AwsService {
    return {
      permissions: (call) => sns.permissions(call),
      handle: (call) => {
        if (call.action === 'ListSubscriptionsByTopic') return this.#list(sns, call)
        if (call.action === 'Subscribe' && confirmedByReceiver.has(call.input.Protocol)) return this.#subscribe(call)
        return sns.handle(call)
      },
    }
  }

  /** No one can confirm it here, so it stays pending and receives nothing. */
  async #subscribe({ input }: AwsCall): Promise<AwsResponse> {
    const [topicArn, protocol, endpoint] = [input.TopicArn, input.Protocol, input.Endpoint].map(String)
    this.add({ subscriptionArn: pending, topicArn: topicArn ?? '', protocol: protocol ?? '', endpoint: endpoint ?? '' })
    return respond('Subscribe', '<SubscriptionArn>pending confirmation</SubscriptionArn>')
  }

  /** The emulator has a queue of its own for each receiver that it does not know. */
  async #list(sns: AwsService, call: AwsCall): Promise<AwsResponse> {
    const response = await sns.handle(call)
    if (response.status !== 200) return response
    const queues = String(response.body)
      .matchAll(/<member>.*?<\/member>/gs)
      .map(([member]) => member)
      .filter((member) => !/<Endpoint>[^<]*:subscription-\d+<\/Endpoint>/.test(member))
    const others = this.#subscriptions.filter(({ topicArn }) => topicArn === call.input.TopicArn).map(format)
    return respond('ListSubscriptionsByTopic', `<Subscriptions>${[...queues, ...others].join('')}</Subscriptions>`)
  }
}

function format({ subscriptionArn, topicArn, protocol, endpoint }: ListedSubscription): string {
  const fields = {
    SubscriptionArn: subscriptionArn,
    TopicArn: topicArn,
    Protocol: protocol,
    Endpoint: endpoint,
    Owner: accountId,
  }
  const elements = Object.entries(fields).map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`)
  return `<member>${elements.join('')}</member>`
}

function respond(action: string, result: string): AwsResponse {
  const body = `<${action}Response xmlns="http://sns.amazonaws.com/doc/2010-03-31/"><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>${randomUUID()}</RequestId></ResponseMetadata></${action}Response>`
  return { status: 200, headers: { 'content-type': 'text/xml' }, body }
}
