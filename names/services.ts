/** The functions: each name is a folder in `lambdas/`, and the `service` of the function's logs and metrics. */
export type ServiceName =
  | 'receive-callback'
  | 'apply-events'
  | 'reconcile-rooms'
  | 'query-api'
  | 'rebuild'
  | 'redrive-dead-letters'
  | 'send-all-clear'
  | 'sample-usage'
  | 'notify-chat'
