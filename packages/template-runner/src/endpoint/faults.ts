import type { AwsCall } from './aws-call.ts'

/** What happens to a call instead of a normal response. */
export type FaultEffect =
  /** An error response with `status` and `code`. */
  | 'error'
  /** No response at all. */
  | 'hang'
  /** The connection is closed without a response. */
  | 'reset'
  /** The normal response, after `delayMs`. */
  | 'delay'
  /** Some entries of a batch fail, or stay unprocessed. A call without a batch succeeds. */
  | 'partial'
  /** The execution environment of the function that makes the call ends. */
  | 'kill'
  /** The execution environment of the function that makes the call stands still for `delayMs`, its timers included. */
  | 'freeze'

/** A failure of calls at the endpoint. */
export interface Fault {
  /** Default: all services. */
  readonly service?: string
  /** Default: all actions. */
  readonly action?: string
  /** A function's construct path, last path segment or name; an access key id for other callers. Default: all. */
  readonly principal?: string
  /** Default: `error`. */
  readonly effect?: FaultEffect
  /** Whether the call takes effect before it fails, so that only its response is lost, or before the function is frozen. */
  readonly isLate?: boolean
  /** Default 500. */
  readonly status?: number
  /** The error code. Default: one that matches the status. */
  readonly code?: string
  /** Default 0. It comes before any other effect, too. */
  readonly delayMs?: number
  /** The share of the calls that fail, from 0 to 1. Default 1. */
  readonly share?: number
  /** Decides which ones, with numbers from 0 to below 1. Default: `Math.random`. */
  readonly random?: () => number
  /** How many matching calls pass before the first that fails. Default 0. */
  readonly afterCalls?: number
  /** How many calls fail. Default: all until the fault is removed. */
  readonly maxFailures?: number
  /** Called with each call that fails. */
  readonly onFailure?: (call: { readonly service: string; readonly action: string }) => void
}

/** A fault that is currently injected, with what it has seen. */
class ActiveFault {
  readonly fault: Fault
  #matched = 0
  #failed = 0

  constructor(fault: Fault) {
    // A copy, so that changing the object later has no effect.
    this.fault = { ...fault }
  }

  strikes(call: AwsCall, principalNames: readonly string[]): boolean {
    const { service, action, principal, share = 1, random = Math.random, afterCalls = 0 } = this.fault
    if (service !== undefined && service !== call.service) return false
    if (action !== undefined && action !== call.action) return false
    if (principal !== undefined && !principalNames.includes(principal)) return false
    this.#matched += 1
    if (this.#matched <= afterCalls || this.#failed >= (this.fault.maxFailures ?? Number.POSITIVE_INFINITY))
      return false
    if (share < 1 && random() >= share) return false
    this.#failed += 1
    this.fault.onFailure?.({ service: call.service, action: call.action })
    return true
  }
}

/** The faults that are currently injected. */
export class Faults {
  readonly #active = new Set<ActiveFault>()

  /** @returns a function that removes the fault. */
  inject(fault: Fault): () => void {
    const active = new ActiveFault(fault)
    this.#active.add(active)
    return () => {
      this.#active.delete(active)
    }
  }

  find(call: AwsCall, principalNames: readonly string[]): Fault | undefined {
    return this.#active.values().find((active) => active.strikes(call, principalNames))?.fault
  }
}

export function errorCodeOf({ status = 500, code }: Fault): string {
  if (code !== undefined) return code
  if (status >= 500) return status === 503 ? 'ServiceUnavailable' : 'InternalServerError'
  return 'ThrottlingException'
}
