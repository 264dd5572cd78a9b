export interface InvocationError {
  readonly errorType: string
  readonly errorMessage: string
  readonly stack?: string
}

/** The result of an invocation as the runtime reports it. `payload` is JSON. */
export type InvocationResult =
  | { readonly kind: 'returned'; readonly payload: string }
  | { readonly kind: 'failed'; readonly error: InvocationError }

/** Lambda did not run the function, because the reserved concurrency is used up. */
export interface Throttled {
  readonly kind: 'throttled'
  readonly error: InvocationError
}

export function createFailure(errorType: string, errorMessage: string): InvocationResult {
  return { kind: 'failed', error: { errorType, errorMessage } }
}

export function toInvocationError(thrown: unknown): InvocationError {
  if (!(thrown instanceof Error)) return { errorType: typeof thrown, errorMessage: String(thrown) }
  return { errorType: thrown.name, errorMessage: thrown.message, ...(thrown.stack && { stack: thrown.stack }) }
}
