/**
 * What AWS asks: USD, on demand, the first tier, without the free tier and without taxes.
 *
 * From the price pages of the services. Change them here and nowhere else; `npm run bench -- --only cost` reckons anew.
 */
export const prices = {
  region: 'us-east-1',
  asOf: '2026-11-24',
  /** For a million. */
  perMillion: {
    /** API Gateway, HTTP API: a request of up to 512 KB. */
    httpApiRequests: 1.0,
    lambdaRequests: 0.2,
    /** Standard queue: a request of up to 64 KB, however many messages are in it. */
    sqsRequests: 0.4,
    /** Standard topic: a request of up to 64 KB. Delivery to queues and functions is free. */
    snsRequests: 0.5,
    /** On-demand, standard table class. */
    dynamodbWriteUnits: 0.625,
    dynamodbReadUnits: 0.125,
  },
  /** Lambda on arm64. */
  lambdaGbSecond: 0.0000133334,
  /** CloudWatch Logs, standard class: ingested. */
  logsGb: 0.5,
  /** DynamoDB, standard table class: kept for a month. */
  dynamodbGbMonth: 0.25,
} as const
