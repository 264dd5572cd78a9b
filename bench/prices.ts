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
    /** Secrets Manager: GetSecretValue. */
    secretReads: 5.0,
    /** EventBridge Scheduler. */
    scheduledInvocations: 1.0,
  },
  /** Price of a month; of a part of a month, by the hour. */
  month: {
    /** CloudWatch, standard resolution: each metric that an alarm watches. */
    alarmMetric: 0.1,
    /** CloudWatch: a metric of our own, in the hours in which it has a value. */
    customMetric: 0.3,
    /** CloudWatch: a dashboard. */
    dashboard: 3.0,
    /** Secrets Manager: a secret. */
    secret: 0.4,
    /** KMS: a customer-managed key; the first and the second rotation add as much each. */
    key: 1.0,
  },
  /** CloudWatch bills no dashboard of so few metrics if the account has no more than this number. This is no limited offer. */
  freeDashboards: { dashboards: 3, metrics: 50 },
  /** Lambda on arm64. */
  lambdaGbSecond: 0.0000133334,
  /** CloudWatch Logs, standard class: ingestion. */
  logsGb: 0.5,
  /** DynamoDB, standard table class: storage for a month. */
  dynamodbGbMonth: 0.25,
} as const
