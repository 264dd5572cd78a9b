/**
 * AWS prices in USD from the price pages of the services: on demand, first tier, without the free tier and taxes.
 *
 * Prices are kept only here; `npm run bench -- --only cost` recalculates the costs.
 */
export const prices = {
  region: 'us-east-1',
  asOf: '2026-11-24',
  /** Price of a million. */
  perMillion: {
    /** API Gateway, HTTP API: one request of up to 512 KB. */
    httpApiRequests: 1.0,
    lambdaRequests: 0.2,
    /** Standard queue: one request of up to 64 KB, regardless of the number of messages. */
    sqsRequests: 0.4,
    /** Fair queue: added to the price of a request with messages that have a message group. */
    sqsGroupedRequests: 0.1,
    /** Standard topic: one request of up to 64 KB. Delivery to queues and functions is free. */
    snsRequests: 0.5,
    /** On-demand, standard table class. */
    dynamodbWriteUnits: 0.625,
    dynamodbReadUnits: 0.125,
  },
  /** Lambda on arm64. */
  lambdaGbSecond: 0.0000133334,
  /** CloudWatch Logs, standard class: ingestion. */
  logsGb: 0.5,
  /** DynamoDB, standard table class: storage for a month. */
  dynamodbGbMonth: 0.25,
} as const
