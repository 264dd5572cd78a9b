/** What passes between the runner and the worker that plays one execution environment. */
export interface WorkerSetup {
  /** URL of the module, and the name that it exports the handler under. */
  readonly moduleUrl: string
  readonly exportName: string
}

export interface InvocationContext {
  readonly awsRequestId: string
  readonly functionName: string
  readonly functionVersion: string
  readonly invokedFunctionArn: string
  readonly memoryLimitInMB: string
  readonly logGroupName: string
  readonly logStreamName: string
}

export interface InvocationMessage {
  /** JSON, as it would cross the network. */
  readonly event: string
  readonly context: InvocationContext
  /** Epoch milliseconds. */
  readonly deadline: number
}

export interface InvocationError {
  readonly errorType: string
  readonly errorMessage: string
  readonly stack?: string
}

export type InvocationResult =
  | { readonly kind: 'returned'; readonly payload: string }
  | { readonly kind: 'failed'; readonly error: InvocationError }

export type WorkerMessage = { readonly kind: 'ready' } | InvocationResult
