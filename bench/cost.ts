import { prices } from './prices.ts'
import type { BenchRow } from './row.ts'

/** The AWS usage of one event from callback to state. */
export type EventUsage = {
  readonly httpApiRequests: number
  readonly lambdaRequests: number
  readonly lambdaGbSeconds: number
  readonly sqsRequests: number
  /** Those of `sqsRequests` whose messages have a message group. */
  readonly sqsGroupedRequests: number
  readonly snsRequests: number
  readonly dynamodbWriteUnits: number
  readonly dynamodbReadUnits: number
  readonly logsGb: number
}

/** The counted usage of a function that applies events. */
export type ApplyMeasurement = {
  readonly events: number
  /** Events per invocation. */
  readonly batchSize: number
  readonly dynamodbRequests: number
  readonly snsRequests: number
  readonly writeUnits: number
  readonly readUnits: number
  /** Logged by the function itself. */
  readonly loggedBytes: number
  /** Whether the function makes requests concurrently or one after the other. */
  readonly requestOrder: 'concurrent' | 'sequential'
  /** Whether the messages of its queue have message groups (docs/decisions/0028). */
  readonly fairQueue: boolean
}

export type ReceiveMeasurement = {
  /** Logged by the function itself for one callback. */
  readonly loggedBytes: number
}

/** Figures that cannot be counted on this machine. */
export const assumptions = {
  /** Response time of SQS or DynamoDB in the same region. */
  requestMs: 5,
  /** CPU time of a request in the function, mostly in the SDK client; of a full core, of which 1 GB has 0.58. */
  cpuMsPerRequest: 1.7,
  /** Participants of a batch that are processed concurrently, which is about the number of concurrent requests. */
  requestConcurrency: 16,
  /** Duration of a callback: one request to the queue and 1 ms of CPU time. */
  callbackMs: 6,
  callbackGb: 0.5,
  applyGb: 1,
  /** Bytes that Lambda itself logs for an invocation (START, END, REPORT). */
  platformLogBytes: 270,
  /** Messages that the event source mapping receives or deletes with one request. */
  messagesPerSqsRequest: 10,
} as const

const bytesPerGb = 1e9

export function usagePerEvent(receive: ReceiveMeasurement, apply: ApplyMeasurement): EventUsage {
  const { callbackMs, callbackGb, applyGb, messagesPerSqsRequest, platformLogBytes } = assumptions
  const { events, batchSize, fairQueue } = apply
  // One request sends the message; messages share the requests that receive and delete them.
  const sqsRequests = 1 + 2 / Math.min(batchSize, messagesPerSqsRequest)
  return {
    httpApiRequests: 1,
    lambdaRequests: 1 + 1 / batchSize,
    lambdaGbSeconds: (callbackMs / 1000) * callbackGb + (applyMsPerEvent(apply) / 1000) * applyGb,
    sqsRequests,
    // AWS does not say whether receiving and deleting cost more too; it is assumed.
    sqsGroupedRequests: fairQueue ? sqsRequests : 0,
    snsRequests: apply.snsRequests / events,
    dynamodbWriteUnits: apply.writeUnits / events,
    dynamodbReadUnits: apply.readUnits / events,
    // Lambda's own log lines are disabled for callbacks, so they are not counted for the peer either.
    logsGb: (receive.loggedBytes + apply.loggedBytes / events + platformLogBytes / batchSize) / bytesPerGb,
  }
}

function applyMsPerEvent(apply: ApplyMeasurement): number {
  const { dynamodbRequests, snsRequests, events, batchSize, requestOrder } = apply
  const { requestMs, cpuMsPerRequest, requestConcurrency } = assumptions
  const concurrency = requestOrder === 'concurrent' ? Math.min(requestConcurrency, batchSize) : 1
  return ((dynamodbRequests + snsRequests) / events) * (cpuMsPerRequest + requestMs / concurrency)
}

/** USD for a million events. */
export function costPerMillion(usage: EventUsage): Readonly<Record<keyof EventUsage, number>> {
  const { perMillion, lambdaGbSecond, logsGb } = prices
  return {
    httpApiRequests: usage.httpApiRequests * perMillion.httpApiRequests,
    lambdaRequests: usage.lambdaRequests * perMillion.lambdaRequests,
    lambdaGbSeconds: usage.lambdaGbSeconds * lambdaGbSecond * 1e6,
    sqsRequests: usage.sqsRequests * perMillion.sqsRequests,
    sqsGroupedRequests: usage.sqsGroupedRequests * perMillion.sqsGroupedRequests,
    snsRequests: usage.snsRequests * perMillion.snsRequests,
    dynamodbWriteUnits: usage.dynamodbWriteUnits * perMillion.dynamodbWriteUnits,
    dynamodbReadUnits: usage.dynamodbReadUnits * perMillion.dynamodbReadUnits,
    logsGb: usage.logsGb * logsGb * 1e6,
  }
}

export function totalCost(costs: Readonly<Record<string, number>>): number {
  return Object.values(costs).reduce((sum, cost) => sum + cost, 0)
}

/** Compares the costs; the peer has our receiver, but no fair queue, publishes nothing and logs nothing itself. */
export function createCostRow(
  receive: ReceiveMeasurement,
  apply: Readonly<Record<'ours' | 'peer', ApplyMeasurement>>,
): BenchRow {
  const costOf = (measurement: ApplyMeasurement) => [totalCost(costPerMillion(usagePerEvent(receive, measurement)))]
  return {
    name: 'cost-per-million',
    unit: `USD for a million events, ${prices.region}, ${prices.asOf}`,
    ours: costOf(apply.ours),
    peer: costOf(apply.peer),
    targets: { maxRatio: 0.65, maxOurs: 3.55 },
    counted: true,
  }
}
