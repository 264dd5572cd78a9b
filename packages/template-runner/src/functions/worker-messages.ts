import type { InvocationResult } from './invocation-result.ts'

/** The data that a worker starts with. */
export interface WorkerSetup {
  readonly moduleUrl: string
  /** The name under which the module exports the handler. */
  readonly exportName: string
  /** If set, the worker is frozen after loading the module, until element 0 is no longer 0. */
  readonly thawed?: Int32Array | undefined
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

/** Sent to the worker. */
export interface InvocationMessage {
  /** JSON. */
  readonly event: string
  readonly context: InvocationContext
  /** Epoch milliseconds. */
  readonly deadlineMs: number
  /** How wrong the function's clock is, in milliseconds. */
  readonly clockOffsetMs: number
}

/** Sent to the worker: it stands still for some milliseconds, whatever it is doing. */
export interface FreezeMessage {
  readonly freezeMs: number
}

/** Sent by the worker: `ready` or `failed` after loading the module, then one result per invocation. */
export type WorkerMessage = { readonly kind: 'ready' } | InvocationResult
