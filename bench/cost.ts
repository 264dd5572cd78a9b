import { prices } from './prices.ts'
import type { Row } from './row.ts'

/** What one event uses, from callback to state. */
export type EventUsage = {
  readonly httpApiRequests: number
  readonly lambdaRequests: number
  readonly lambdaGbSeconds: number
  readonly sqsRequests: number
  readonly snsRequests: number
  readonly dynamodbWriteUnits: number
  readonly dynamodbReadUnits: number
  readonly logsGb: number
}

/** What was counted of one function that applies events. */
export type Applying = {
  /** Events in the count. */
  readonly events: number
  /** Events that it got at a time. */
  readonly batchSize: number
  readonly dynamodbRequests: number
  readonly snsRequests: number
  readonly writeUnits: number
  readonly readUnits: number
  /** By the function itself. */
  readonly loggedBytes: number
  /** Whether its requests wait together, or each for the one before. */
  readonly waiting: 'together' | 'one by one'
}

export type Receiving = {
  /** For one callback, by the function itself. */
  readonly loggedBytes: number
}

/** What cannot be counted here. */
export const assumptions = {
  /** ms that SQS or DynamoDB in the same region takes to answer. */
  requestMs: 5,
  /** ms that a request takes of us, the client of the SDK above all: one of a whole core, of which 1 GB has 0.58. */
  ownMs: 1.7,
  /** People of a batch that are worked on at once, and so about as many requests. */
  requestConcurrency: 16,
  /** ms of a callback: one call to the queue, and one of our own. */
  callbackMs: 6,
  callbackGb: 0.5,
  applyGb: 1,
  /** Bytes that Lambda itself logs for an invocation (START, END, REPORT). */
  platformLogBytes: 270,
  /** Messages in one request of the event source mapping that receives or deletes them. */
  messagesPerSqsRequest: 10,
} as const

const gb = 1e9

export function usageOf(receiving: Receiving, applying: Applying): EventUsage {
  const { callbackMs, callbackGb, applyGb, messagesPerSqsRequest, platformLogBytes } = assumptions
  const { events, batchSize } = applying
  return {
    httpApiRequests: 1,
    lambdaRequests: 1 + 1 / batchSize,
    lambdaGbSeconds: (callbackMs / 1000) * callbackGb + (applyMs(applying) / 1000) * applyGb,
    // One to send it; receiving and deleting are shared.
    sqsRequests: 1 + 2 / Math.min(batchSize, messagesPerSqsRequest),
    snsRequests: applying.snsRequests / events,
    dynamodbWriteUnits: applying.writeUnits / events,
    dynamodbReadUnits: applying.readUnits / events,
    // Lambda's own lines are switched off for callbacks, and so are not counted for the peer either.
    logsGb: (receiving.loggedBytes + applying.loggedBytes / events + platformLogBytes / batchSize) / gb,
  }
}

/** ms of the function for one event. */
function applyMs({ dynamodbRequests, snsRequests, events, batchSize, waiting }: Applying): number {
  const { requestMs, ownMs, requestConcurrency } = assumptions
  // A batch of one has nobody to wait together with.
  const together = waiting === 'together' ? Math.min(requestConcurrency, batchSize) : 1
  return ((dynamodbRequests + snsRequests) / events) * (ownMs + requestMs / together)
}

/** USD for a million events, by what they pay for. */
export function costPerMillion(usage: EventUsage): Readonly<Record<keyof EventUsage, number>> {
  const { perMillion, lambdaGbSecond, logsGb } = prices
  return {
    httpApiRequests: usage.httpApiRequests * perMillion.httpApiRequests,
    lambdaRequests: usage.lambdaRequests * perMillion.lambdaRequests,
    lambdaGbSeconds: usage.lambdaGbSeconds * lambdaGbSecond * 1e6,
    sqsRequests: usage.sqsRequests * perMillion.sqsRequests,
    snsRequests: usage.snsRequests * perMillion.snsRequests,
    dynamodbWriteUnits: usage.dynamodbWriteUnits * perMillion.dynamodbWriteUnits,
    dynamodbReadUnits: usage.dynamodbReadUnits * perMillion.dynamodbReadUnits,
    logsGb: usage.logsGb * logsGb * 1e6,
  }
}

export function totalOf(costs: Readonly<Record<string, number>>): number {
  return Object.values(costs).reduce((sum, cost) => sum + cost, 0)
}

/** The peer has our receiver: only the way of applying differs. It tells nobody, and logs nothing of its own. */
export function costRow(receiving: Receiving, ours: Applying, peer: Applying): Row {
  const costOf = (applying: Applying) => [totalOf(costPerMillion(usageOf(receiving, applying)))]
  return {
    name: 'cost-per-million',
    unit: `USD for a million events, ${prices.region}, ${prices.asOf}`,
    ours: costOf(ours),
    peer: costOf(peer),
    targets: { ratio: 0.65, ours: 3.4 },
    counted: true,
  }
}

/** What an event of ours uses in batches of other sizes, as lines for the screen. */
export function batchSizeTable(receiving: Receiving, sizes: readonly Applying[]): string {
  return sizes
    .map((applying) => {
      const usage = usageOf(receiving, applying)
      return [
        `in batches of ${applying.batchSize}:`,
        `${(applying.dynamodbRequests / applying.events).toFixed(2)} requests,`,
        `${usage.dynamodbWriteUnits.toFixed(2)} write units,`,
        `${usage.dynamodbReadUnits.toFixed(2)} read units an event,`,
        `${totalOf(costPerMillion(usage)).toFixed(2)} USD a million`,
      ].join(' ')
    })
    .join('\n')
}

/** Where the money goes, as lines for the screen. */
export function costTable(receiving: Receiving, sides: Readonly<Record<'ours' | 'peer', Applying>>): string {
  const ours = costPerMillion(usageOf(receiving, sides.ours))
  const peer = costPerMillion(usageOf(receiving, sides.peer))
  const line = (name: string, own: number, other: number) =>
    `  ${name.padEnd(20)}${own.toFixed(3).padStart(8)}${other.toFixed(3).padStart(8)}`
  const names = Object.keys(ours) as (keyof EventUsage)[]
  return [
    'USD for a million events  ours    peer',
    ...names.map((name) => line(name, ours[name], peer[name])),
    line('total', totalOf(ours), totalOf(peer)),
  ].join('\n')
}
